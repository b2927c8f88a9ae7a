import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAdts, makeNoise, mp3Frames } from '../../test/support/audio-samples.js';
import { openDownloadBench, sha256 } from '../../test/support/download-bench.js';
import type { DescribedAsset, Recording } from '../store/recordings.js';
import { describeAgain } from './describe-again.js';

let bench: Awaited<ReturnType<typeof openDownloadBench>>;
let written: [id: string, told: DescribedAsset][];
beforeEach(async () => {
  bench = await openDownloadBench();
  written = [];
});
afterEach(() => bench.close());

async function archive(
  id: string,
  bytes: Buffer,
  told: object,
  flags: Recording['flags'],
): Promise<Recording> {
  const fileName = `2025-05-22/${id}.bin`;
  const draft = await bench.storage.openDraft(id);
  await draft.write(bytes);
  await draft.commit(fileName);
  const asset = {
    bytes: bytes.length,
    sha256: sha256(bytes),
    container: 'x',
    archivedAt: 5,
    fileName,
    ...told,
  };
  const place = { host: 'h', path: `/${id}`, deadlineAt: 1, attempts: 1 };
  return { id, callId: `${id}^1`, state: 'archived', ...place, flags, asset };
}

async function run(items: Recording[]) {
  const told = [];
  const deps = {
    recordings: { list: () => Promise.resolve({ items }) },
    recordingsWriter: {
      describe: (id: string, described: DescribedAsset) => {
        written.push([id, described]);
        return Promise.resolve(true);
      },
    },
    calls: { get: () => Promise.resolve({ durationSeconds: 60 } as never) },
    storage: bench.storage,
    clock: () => 7,
  };
  for await (const one of describeAgain(deps)) told.push(one);
  return told;
}

describe('describing again', () => {
  it('tells the journal what is understood now, and nothing of what is as it was', async () => {
    const unknown = { container: 'unrecognised' };
    const mp3 = { container: 'mp3', codec: 'mp3', channels: 1, sampleRate: 8000, seconds: 14.4 };
    const recordings = [
      await archive('r1', makeAdts(100), unknown, ['unrecognised']),
      await archive('r2', makeNoise(5_000), unknown, ['unrecognised']),
      await archive('r3', mp3Frames(200, 1, 8), { ...mp3, seconds: 2.448 }, []),
      await archive('r4', mp3Frames(200, 1, 8), mp3, ['short']),
    ];
    expect((await run(recordings)).map(({ outcome }) => outcome)).toEqual([
      'changed',
      'same',
      'changed',
      'same',
    ]);
    expect(written).toMatchObject([
      ['r1', { asset: { container: 'aac', codec: 'aac', seconds: 12.8 }, flags: ['short'] }],
      ['r3', { asset: { seconds: 14.4 }, flags: ['short'] }],
    ]);
    const { bytes, archivedAt, fileName } = recordings[0]!.asset!;
    expect(written[0]?.[1].asset).toMatchObject({ bytes, archivedAt, fileName });
  });

  it('leaves alone what is not what was archived', async () => {
    const missing = await archive('r1', makeNoise(5_000), {}, []);
    await bench.storage.remove(missing.asset!.fileName);
    const other = await archive('r2', makeNoise(5_000), { bytes: 4_999 }, []);
    expect((await run([missing, other])).map(({ outcome }) => outcome)).toEqual(['unreadable', 'unreadable']);
    expect(written).toEqual([]);
  });
});
