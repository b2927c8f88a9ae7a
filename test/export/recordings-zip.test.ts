import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/contract/calls.js';
import { StorageError } from '../../src/storage/asset-storage.js';
import { openTestApi, record, sha256, type TestApi } from '../http/open-test-api.js';
import { isOnPath } from '../support/is-on-path.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { jobOf, openExporter, order } from './open-exporter.js';

const run = promisify(execFile);
const never = new AbortController().signal;

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

/** Calls with archived audio, by callId. */
async function archive(contents: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [callId, content] of Object.entries(contents)) {
    await api.push([record(callId)]);
    const { recordings } = await api.askJson<Call>(`/api/v1/calls/${encodeURIComponent(callId)}`);
    for (const recording of recordings) await api.archive(recording, content, nameOf(callId));
  }
}

const nameOf = (callId: string) => `2025-05-22/${callId.replace('^', '_')}.wav`;

/** The ZIP of all recordings, unpacked by somebody else. */
async function makeAndUnpack(): Promise<string> {
  const id = await order(api, 'zip');
  await openExporter(api).step(never);
  const { state, fileName = '' } = await jobOf(api, id);
  expect(state).toBe('done');
  const folder = makeTemporaryFolder();
  await run('unzip', ['-q', join(api.recordings, 'exports', fileName), '-d', folder]);
  return folder;
}

async function manifestIn(folder: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(folder, 'manifest.csv')), { bom: true, columns: true });
}

describe.skipIf(!isOnPath('unzip'))('a ZIP of recordings', () => {
  it('has every file, and sums that sha256sum checks', async () => {
    const large = Buffer.alloc(9 * 1024 * 1024, 'large');
    await archive({ '1^1': Buffer.from('one'), '2^2': Buffer.from('two'), '3^3': large });
    const folder = await makeAndUnpack();
    expect(await readFile(join(folder, nameOf('1^1')), 'utf8')).toBe('one');
    const { stdout } = await run('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder });
    expect(stdout.trim().split('\n')).toHaveLength(3);
    const manifest = await manifestIn(folder);
    expect(manifest.find(({ callId }) => callId === '3^3')).toEqual({
      ...{ callId: '3^3', recordingId: expect.any(String) as string, fileName: nameOf('3^3') },
      ...{ bytes: String(large.length), sha256: sha256(large), result: 'included', reason: '' },
    });
  });

  it('lists what is not in it, and why, and never holds a byte that was not archived', async () => {
    await archive({
      '1^1': Buffer.from('kept'),
      '2^2': Buffer.from('gone'),
      '3^3': Buffer.from('short'),
      '4^4': Buffer.from('other'),
    });
    await api.push([record('5^5')]);
    await rm(join(api.recordings, nameOf('2^2')));
    await writeFile(join(api.recordings, nameOf('3^3')), 'sho');
    await writeFile(join(api.recordings, nameOf('4^4')), 'OTHER');
    const folder = await makeAndUnpack();
    const manifest = await manifestIn(folder);
    const results = manifest.map(({ callId, result, reason }) => [callId, result, reason]);
    expect(results.toSorted()).toEqual([
      ['1^1', 'included', ''],
      ['2^2', 'missing', ''],
      ['3^3', 'wrong-size', ''],
      ['4^4', 'wrong-content', ''],
      ['5^5', 'not-archived', 'pending'],
    ]);
    const { stdout } = await run('find', ['-type', 'f'], { cwd: folder });
    expect(stdout.trim().split('\n').toSorted()).toEqual([
      './2025-05-22/1_1.wav',
      './SHA256SUMS',
      './manifest.csv',
    ]);
  });

  it('may be of no recording at all', async () => {
    expect(await manifestIn(await makeAndUnpack())).toEqual([]);
  });
});

describe('a ZIP of recordings', () => {
  it('fails where the storage is away, and is not a list of what could not be read', async () => {
    await archive(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}^1`, Buffer.from('x')])),
    );
    const id = await order(api, 'zip');
    const read = () => Promise.reject(new StorageError('io-failed', 'away'));
    await openExporter(api, { storage: { ...api.assets, read } }).step(never);
    expect(await jobOf(api, id)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('storage') as string,
    });
  });

  it('is not begun where it would not fit', async () => {
    await archive({ '1^1': Buffer.alloc(5_000) });
    const id = await order(api, 'zip');
    const draftRoom = () => Promise.resolve(4_000);
    await openExporter(api, { storage: { ...api.assets, draftRoom } }).step(never);
    expect((await jobOf(api, id)).reason).toContain('It needs 0.0 GB.');
  });
});
