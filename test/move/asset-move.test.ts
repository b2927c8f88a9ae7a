import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AssetMove } from '../../src/move/asset-move.js';
import type { AssetStorage } from '../../src/storage/asset-storage.js';
import { openDiskStorage } from '../../src/storage/disk.js';
import { asset, drive, type DrivenStore } from '../conformance/store-under-test.js';
import { recordOf } from '../support/make-message.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { testStart } from '../support/temporary-store.js';
import { openSqlite } from './sqlite-copies.js';

let store: DrivenStore;
let folder: string;
let from: AssetStorage;
let to: AssetStorage;

beforeEach(async () => {
  store = drive(openSqlite());
  folder = makeTemporaryFolder();
  from = await openDiskStorage({ root: join(folder, 'old') });
  to = await openDiskStorage({ root: join(folder, 'new') });
});
afterEach(() => store.close());

const begin = () => new AssetMove({ ...store, from, to, onProgress: () => undefined });
const nameOf = (callId: string) => `2025-05-22/${callId.replace('^', '-')}.wav`;
const idOf = async (callId: string) => (await store.recordingOf(callId)).id;

async function archive(callId: string, content = `audio of ${callId}`): Promise<void> {
  const bytes = Buffer.from(content);
  const draft = await from.openDraft('r1');
  await draft.write(bytes);
  await draft.commit(nameOf(callId));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await store.take(recordOf(callId));
  const kept = { ...asset, bytes: bytes.length, sha256, fileName: nameOf(callId) };
  await store.conclude(callId, { kind: 'archived', asset: kept, flags: [] });
}

async function readNew(callId: string): Promise<string | undefined> {
  if ((await to.size(nameOf(callId))) === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of await to.read(nameOf(callId))) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('recordings on their way to another storage', () => {
  it('are all there, those that were archived meanwhile too, and none that was deleted', async () => {
    for (let number = 0; number < 12; number++) await archive(`1^${number}`);
    const move = begin();
    await move.catchUp();
    await archive('2^1');
    await store.recordingsWriter.remove(await idOf('1^3'), testStart);
    await store.recordingsWriter.remove(await idOf('1^4'), testStart);
    await move.catchUp();
    await move.settle();
    expect(await move.check()).toBeUndefined();
    expect([move.verified, move.failures]).toEqual([11, []]);
    expect(await readNew('2^1')).toBe('audio of 2^1');
    expect([await readNew('1^3'), await readNew('1^4')]).toEqual([undefined, undefined]);
    expect(await from.size(nameOf('1^5'))).toBeGreaterThan(0);
  });

  it('go on where an earlier move was: what is right is not copied again, what is not is', async () => {
    for (const callId of ['1^1', '1^2', '1^3']) await archive(callId);
    await begin().catchUp();
    await writeFile(join(folder, 'new', nameOf('1^2')), 'audio of 9^9');
    const again = begin();
    await again.catchUp();
    expect([again.verified, again.copied]).toEqual([3, 1]);
    expect(await readNew('1^2')).toBe('audio of 1^2');
  });

  it('that are missing or damaged are named, and hold up no other', async () => {
    for (const callId of ['1^1', '1^2', '1^3', '1^4']) await archive(callId);
    await rm(join(folder, 'old', nameOf('1^2')));
    await writeFile(join(folder, 'old', nameOf('1^3')), 'something else');
    const move = begin();
    await move.catchUp();
    expect(move.verified).toBe(2);
    expect(move.failures).toEqual(
      expect.arrayContaining([
        { recordingId: await idOf('1^2'), callId: '1^2', fileName: nameOf('1^2'), failure: 'missing' },
        { recordingId: await idOf('1^3'), callId: '1^3', fileName: nameOf('1^3'), failure: 'damaged' },
      ]),
    );
    expect(await readNew('1^3')).toBeUndefined();
    await writeFile(join(folder, 'old', nameOf('1^2')), 'audio of 1^2');
    await store.recordingsWriter.remove(await idOf('1^3'), testStart);
    await move.settle();
    expect([move.verified, move.failures, await move.check()]).toEqual([3, [], undefined]);
  });

  it('take along what is downloaded whole and only not committed yet', async () => {
    const bytes = Buffer.from('whole');
    const mark = { isWhole: true, sha256: createHash('sha256').update(bytes).digest('hex') } as const;
    const draft = await from.openDraft('r7');
    await draft.write(bytes);
    await draft.abandon(mark);
    await begin().settle();
    expect(await to.wholeDrafts()).toEqual(['r7']);
    expect(await from.wholeDrafts()).toEqual(['r7']);
  });

  it('are given up where the new storage keeps nothing', async () => {
    for (let number = 0; number < 20; number++) await archive(`1^${number}`);
    const move = new AssetMove({
      ...{ ...store, from, onProgress: () => undefined },
      to: { ...to, openDraft: () => Promise.reject(new Error('no such bucket')) },
    });
    await expect(move.catchUp()).rejects.toThrow('no such bucket');
  });
});
