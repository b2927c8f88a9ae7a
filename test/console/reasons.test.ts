import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deliveryReasons } from '../../src/domain/delivery.js';
import { unreadableReasons } from '../../src/protocol/push-body.js';

type Texts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The tables that docs/errors.md explains; another test compares these with the page. */
const tables = { delivery: deliveryReasons, quarantine: unreadableReasons };

describe.each(['en', 'zh-CN'])('the reasons in %s', (language) => {
  const file = new URL(`../../console/src/i18n/${language}/reasons.json`, import.meta.url);
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Texts;

  it.each(Object.entries(tables))('explain every %s reason, and none that there is not', (kind, words) => {
    expect(Object.keys(texts[kind] ?? {}).sort()).toEqual([...words].sort());
  });

  it('give each a name, a cause and a remedy', () => {
    const reasons = Object.values(texts).flatMap((table) => Object.values(table));
    for (const reason of reasons) {
      expect(reason).toEqual({
        name: expect.stringMatching(/\S/) as string,
        cause: expect.stringMatching(/[.。]$/) as string,
        remedy: expect.stringMatching(/[.。]$/) as string,
      });
    }
  });
});
