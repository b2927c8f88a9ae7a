import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { QuarantineItem, QuarantineKindList } from '../../src/contract/quarantine.js';
import { openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
let url: string;
beforeAll(async () => {
  processes = await openServerProcesses();
  url = await processes.spawn({}).url;
});
afterAll(() => processes.close());

const run = (...command: string[]) => processes.run('quarantine', ...command, '--port', new URL(url).port);

async function runJson<Answer>(...command: string[]): Promise<Answer> {
  const { stdout, words } = await run(...command, '--json');
  if (stdout === '') throw new Error(words);
  return JSON.parse(stdout) as Answer;
}

const list = () => runJson<{ items: QuarantineItem[]; kinds: QuarantineKindList['items'] }>('list');

// Programs are started one after the other.
it('earshot quarantine lists, shows, accepts and deletes what could not be read', async () => {
  const strange = Buffer.from('c4e3bac3d55c', 'hex');
  const inGbk = Buffer.concat([
    Buffer.from('{"callId":"1^1","recordFile":"","outId":"'),
    strange,
    Buffer.from('"}'),
  ]);
  const bodies = [
    Buffer.concat([Buffer.from('['), inGbk, Buffer.from(',{"callId":"2^2","recordFile":""}]')]),
    Buffer.from('[{},{},{}]'),
    Buffer.from('<html>'),
  ];
  for (const body of bodies) {
    const answer = await fetch(`${url}/push/${pushToken}`, { method: 'POST', body });
    expect(answer.status).toBe(200);
  }
  const { items } = await until(
    async () => {
      const listed = await list();
      return listed.items.length === 5 ? listed : undefined;
    },
    { what: 'five items in quarantine' },
  );
  const [page, , , , gbk] = items;
  expect(items.map(({ reason }) => reason)).toEqual([
    ...['not-json', 'no-call-id', 'no-call-id', 'no-call-id', 'not-utf-8'],
  ]);

  const table = await run('list', '--reason', 'no-call-id', '--limit', '2');
  expect(table.stdout.match(/no-call-id/g)).toHaveLength(2);
  expect(table.words).toContain('3 items in all');
  expect((await run('show', page?.id ?? '')).stdout).toBe('<html>');

  const asItIs = await run('accept', '--source', 'default');
  expect([asItIs.code, asItIs.words]).toEqual([1, expect.stringContaining('5 items could not be read')]);
  const read = await runJson<object>('accept', gbk?.id ?? '', '--charset', 'GBK');
  expect(read).toEqual({ items: 1, messages: 1, duplicates: 0, unreadable: 0 });

  const file = join(makeTemporaryFolder(), 'corrected.json');
  writeFileSync(file, '[{"callId":"3^3","recordFile":""}]');
  const corrected = await run('accept', page?.id ?? '', '--file', file);
  expect([corrected.code, corrected.words]).toEqual([0, expect.stringContaining('1 new message')]);

  for (const wrong of [['discard'], ['accept', '--all', '--reason', 'x'], ['discard', 'q1', '--all']]) {
    expect((await run(...wrong)).code).toBe(2);
  }
  expect((await run('accept', '--all', '--file', file)).code).toBe(2);
  expect(await runJson('discard', '--reason', 'no-call-id', '--to', '2020-01-01T00:00:00Z')).toEqual({
    items: 0,
  });
  expect(await runJson('discard', '--all')).toEqual({ items: 3 });
  expect(await list()).toEqual({ items: [], kinds: [] });
});
