import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { Sorter } from '../../sort/sorter.js';
import { readConfig } from '../../settings/config.js';
import { openEmbeddedData } from '../open-data.js';
import { importFiles } from './push-messages.js';

const config = () => readConfig({ dataDir: join(makeTemporaryFolder(), 'data') }, {}, makeTemporaryFolder());
const message = (callId: string) => JSON.stringify({ callId, callee: '1' });
const noInput = Readable.from([]);

/** Imports, sorts, and tells what became of it. */
async function run(names: string[], stdin: Readable = noInput, settings = config()) {
  const progress: number[] = [];
  const report = await importFiles(settings, names, stdin, (messages) => progress.push(messages));
  const data = openEmbeddedData(settings.dataDir);
  const sorter = new Sorter({
    elapsedMs: () => 0,
    inbox: data.inboxReader,
    journal: data.journal,
    journalWriter: data.journalWriter,
    onSorted: () => undefined,
  });
  while (await sorter.step());
  const entries = await data.journal.read(0, 100_000);
  const { items } = await data.quarantine.list({ limit: 1_000 });
  const bodies: Buffer[] = [];
  for (const { id } of items.toReversed())
    bodies.push(Buffer.from((await data.quarantine.get(id))?.body ?? []));
  await data.close();
  return { report, progress, entries, callIds: entries.map(({ callId }) => callId), bodies };
}

const importFile = (name: string, content: string | Buffer) => {
  const file = join(makeTemporaryFolder(), name);
  writeFileSync(file, content);
  return run([file]);
};
const importInput = (content: string | Buffer) =>
  run(['-'], Readable.from([Buffer.from(content)], { objectMode: false }));

describe('importing', () => {
  it('takes a JSON array, an object, and either packed or with a byte order mark', async () => {
    const array = `[${message('1')},\n ${message('2')}]`;
    for (const content of [array, `\ufeff${array}`, gzipSync(array)]) {
      const { report, callIds } = await importFile('calls.json', content);
      expect(callIds).toEqual(['1', '2']);
      expect(report).toEqual({ messages: 2, calls: 2, quarantined: {}, pushes: 1, unreadable: [] });
    }
    expect(await importFile('call.json', JSON.stringify({ callId: '3', callee: '' }, null, 2))).toMatchObject(
      {
        callIds: ['3'],
        report: { messages: 1 },
      },
    );
  });

  it('takes a message a line, or an array a line, whatever the file is called', async () => {
    const lines = `\ufeff${message('1')}\r\n\n  ${message('2')}\n[${message('3')},${message('4')}]\n`;
    for (const name of ['calls.ndjson', 'calls.JSONL', 'calls.json', 'calls.log']) {
      const { report, callIds } = await importFile(name, lines);
      expect(callIds).toEqual(['1', '2', '3', '4']);
      expect(report.unreadable).toEqual([]);
    }
  });

  it('takes from standard input lines or one document over many lines, blank lines before it or not', async () => {
    const document = JSON.stringify(
      [
        { callId: '1', callee: '' },
        { callId: '2', callee: '' },
      ],
      null,
      2,
    );
    for (const content of [
      document,
      `\n\n${document}\n`,
      `${message('1')}\n${message('2')}`,
      `[${message('1')},${message('2')}]`,
    ]) {
      const { report, callIds } = await importInput(content);
      expect(callIds).toEqual(['1', '2']);
      expect(report).toMatchObject({ messages: 2, unreadable: [] });
    }
    expect((await importInput('')).report).toEqual({
      ...{ messages: 0, calls: 0, quarantined: {}, pushes: 0, unreadable: [] },
    });
  });

  it('keeps every digit, and a line separator inside a text', async () => {
    const text = '{"callId":12345678901234567890,"callee":"a\u2028b\u2029c\u0085é","n":1.10,"m":1E400}';
    for (const run of [
      importFile('x.ndjson', `${text}\n`),
      importFile('x.json', `[${text}]`),
      importInput(text),
    ]) {
      const { entries } = await run;
      expect(entries).toMatchObject([{ callId: '12345678901234567890', text, source: 'import' }]);
    }
  });

  it('names a line that is no JSON, keeps it in quarantine as it is, and takes its neighbours', async () => {
    const bad = Buffer.from('{"callId":"\xe9"}', 'latin1');
    const lines = Buffer.concat([
      Buffer.from(`${message('1')}\n{"callId":\n\n`),
      bad,
      Buffer.from(`\n${message('2')}\n`),
    ]);
    for (const run of [importFile('calls.ndjson', lines), importInput(lines)]) {
      const { report, callIds, bodies } = await run;
      expect(callIds).toEqual(['1', '2']);
      expect(report.unreadable.map(({ place }) => place)).toEqual([2, 4]);
      expect(report).toMatchObject({ messages: 2, quarantined: { 'not-json': 1, 'not-utf-8': 1 } });
      expect(bodies).toEqual([Buffer.from('{"callId":'), bad]);
    }
  });

  it('takes what it can where the very first line is bad', async () => {
    const { report, callIds, bodies } = await importInput(`\nnonsense\n${message('1')}\n[${message('2')}]\n`);
    expect(callIds).toEqual(['1', '2']);
    expect(report.unreadable).toEqual([{ from: '-', place: 2 }]);
    expect(bodies.map(String)).toEqual(['nonsense']);
  });

  it('names an element of an array that is no JSON by its place', async () => {
    const { report, callIds } = await importFile('calls.json', `[${message('1')},{bad},${message('2')}]`);
    expect(callIds).toEqual(['1', '2']);
    expect(report.unreadable).toMatchObject([{ place: 2 }]);
  });

  it('leaves what is JSON and no message to quarantine', async () => {
    const { report, callIds, bodies } = await importInput(`5\n{}\n${message('1')}\nnull`);
    expect(callIds).toEqual(['1']);
    expect(report).toMatchObject({
      ...{ messages: 1, calls: 1, unreadable: [] },
      quarantined: { 'not-an-object': 2, 'no-call-id': 1 },
    });
    expect(bodies.map(String)).toEqual(['5', '{}', 'null']);
  });

  it('takes many in pushes of 500, and large ones in pushes of a few', async () => {
    const { report, progress, callIds } = await importFile(
      'calls.ndjson',
      Array.from({ length: 1_201 }, (_, index) => message(`${index}`)).join('\n'),
    );
    expect(callIds).toHaveLength(1_201);
    expect(report).toMatchObject({ messages: 1_201, pushes: 3 });
    expect(progress).toEqual([500, 500, 201]);
    const large = (callId: string) => JSON.stringify({ callId, callee: 'x'.repeat(5_000_000) });
    expect((await importFile('large.json', `[${large('1')},${large('2')}]`)).report).toMatchObject({
      pushes: 2,
    });
  });

  it('takes the same once: what is there already is a duplicate', async () => {
    const settings = config();
    const file = join(makeTemporaryFolder(), 'calls.json');
    writeFileSync(file, `[${message('1')}]`);
    await run([file, file], noInput, settings);
    expect((await run([file], noInput, settings)).callIds).toEqual(['1']);
  });

  it('names a file that cannot be read', async () => {
    for (const name of ['/nowhere/calls.json', '/nowhere/calls.ndjson']) {
      await expect(run([name])).rejects.toMatchObject({
        code: 'input-unreadable',
        message: expect.stringContaining(name) as string,
      });
    }
  });
});
