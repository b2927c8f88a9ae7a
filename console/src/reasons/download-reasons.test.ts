import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../i18n/en/reasons.json';
import zhCn from '../i18n/zh-CN/reasons.json';

const errorsPage = join(import.meta.dirname, '../../../docs/errors.md');

async function documentedReasons(): Promise<string[]> {
  const page = await readFile(errorsPage, 'utf8');
  const section = page.split('## Download reasons')[1]!.split('\n## ')[0]!;
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, word]) => word!);
}

describe('download reasons', () => {
  it.each([
    ['English', en],
    ['Chinese', zhCn],
  ])('all have a name, a cause and a remedy in %s', async (_language, texts) => {
    expect(Object.keys(texts.download).sort()).toEqual((await documentedReasons()).sort());
    for (const [word, text] of Object.entries(texts.download))
      for (const sentence of [text.name, text.cause, text.remedy]) expect(sentence, word).not.toBe('');
  });
});
