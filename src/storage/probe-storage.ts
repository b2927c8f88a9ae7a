import { buffer } from 'node:stream/consumers';
import type { Clock } from '../domain/clock.js';
import type { AssetStorage } from './asset-storage.js';
import { StorageError } from './storage-error.js';

export const probeSteps = ['write', 'read', 'range', 'delete'] as const;
export type ProbeStep = (typeof probeSteps)[number];

export interface ProbeResult {
  readonly name: ProbeStep;
  readonly durationMs: number;
  /** Absent where it went well. */
  readonly error?: Error;
}

const body = Buffer.from('written to find out whether recordings can be kept here; may be deleted');
const range = { start: 8, end: 15 };

/**
 * Goes the way of a recording with a small file: kept, read, read in part, deleted. Stops at the first step that fails;
 * what was written is deleted as far as that can be. `probeId`: no other probe that runs may have the same.
 */
export async function probeStorage(
  assets: AssetStorage,
  { probeId, now, stopwatch }: { probeId: string; now: number; stopwatch: Clock },
): Promise<ProbeResult[]> {
  // Like a recording's, so that every template has a key for it.
  const fileName = `${new Date(now).toISOString().slice(0, 10)}/earshot-probe-${probeId}.txt`;
  const work: Readonly<Record<ProbeStep, () => Promise<void>>> = {
    write: () => keep(assets, probeId, fileName),
    read: async () => expectBytes(await buffer(await assets.read(fileName)), body),
    range: async () =>
      expectBytes(
        await buffer(await assets.read(fileName, range)),
        body.subarray(range.start, range.end + 1),
      ),
    delete: async () => {
      await assets.remove(fileName);
      if ((await assets.size(fileName)) !== undefined) {
        throw new StorageError('io-failed', 'what was deleted is still there');
      }
    },
  };
  const results: ProbeResult[] = [];
  for (const name of probeSteps) {
    const result = await attempt(name, work[name], stopwatch);
    results.push(result);
    if (!result.error) continue;
    if (name !== 'delete') await assets.remove(fileName).catch(() => undefined);
    break;
  }
  return results;
}

async function keep(assets: AssetStorage, probeId: string, fileName: string): Promise<void> {
  const draft = await assets.openDraft(`probe-${probeId}`);
  try {
    await draft.write(body);
    await draft.commit(fileName);
  } catch (error) {
    await draft.abandon().catch(() => undefined);
    throw error;
  }
}

async function attempt(name: ProbeStep, work: () => Promise<void>, stopwatch: Clock): Promise<ProbeResult> {
  const startedAt = stopwatch();
  try {
    await work();
    return { name, durationMs: stopwatch() - startedAt };
  } catch (error) {
    return { name, durationMs: stopwatch() - startedAt, error: error as Error };
  }
}

function expectBytes(read: Uint8Array, expected: Uint8Array): void {
  if (!expected.every((byte, index) => byte === read[index]) || read.length !== expected.length) {
    throw new StorageError('io-failed', 'what was written is read as something else');
  }
}
