import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../domain/clock.js';
import { type AssetStorage, StorageError } from './asset-storage.js';

/** What stands in the way of keeping recordings, as far as it decides what is to be done. */
export type StorageFault = 'keys' | 'bucket-missing' | 'unreachable' | 'folder' | 'other';

/** Whether recordings can be kept. */
export interface StorageCheck {
  /** Absent where they can be. `sentence` is for people, and never has a key in it. */
  readonly wrong?: { readonly fault: StorageFault; readonly sentence: string };
  /** How far the storage's clock is ahead of ours (negative: behind), where it told; to about a second. */
  readonly clockAheadMs?: number;
}

const words = 'Written to find out whether recordings can be kept here; may be deleted. ';
const chunkBytes = 64 * 1024;

/** So many bytes, in pieces; no two pieces are alike, so that none can be taken for another. */
export function* probeContent(bytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes; at += chunkBytes) {
    const chunk = Buffer.alloc(Math.min(chunkBytes, bytes - at), words);
    chunk.write(String(at));
    yield chunk;
  }
}

const probeSteps = ['write', 'read', 'range', 'delete'] as const;
type ProbeStep = (typeof probeSteps)[number];

interface ProbeResult {
  readonly name: ProbeStep;
  readonly durationMs: number;
  /** Absent where it went well. */
  readonly error?: Error;
}

/** Of a part, unless a storage is told to send larger ones. */
const usualBytes = 8 * 1024 * 1024;
const range = { start: 70_000, end: 70_007 };

/**
 * Goes the way of a recording with a file of the size of a part: kept, read, read in part, deleted. Stops at the first step that fails;
 * what was written is deleted as far as that can be. `probeId`: no other probe that runs may have the same.
 */
export async function probeStorage(
  assets: AssetStorage,
  how: { probeId: string; now: number; stopwatch: Clock; bytes?: number },
): Promise<ProbeResult[]> {
  const { probeId, now, stopwatch, bytes = usualBytes } = how;
  // Like a recording's, so that every template has a key for it.
  const fileName = `${new Date(now).toISOString().slice(0, 10)}/earshot-probe-${probeId}.txt`;
  const work: Readonly<Record<ProbeStep, () => Promise<void>>> = {
    write: () => keep(assets, probeId, fileName, bytes),
    read: async () => {
      const sha256 = createHash('sha256');
      for await (const chunk of await assets.read(fileName)) sha256.update(chunk as Uint8Array);
      expectSame(sha256.digest('hex'), hashOf(probeContent(bytes)));
    },
    range: async () => {
      const part = await buffer(await assets.read(fileName, range));
      const [, second = Buffer.alloc(0)] = [...probeContent(2 * 65_536)];
      expectSame(part.toString(), second.subarray(range.start - 65_536, range.end + 1 - 65_536).toString());
    },
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

async function keep(assets: AssetStorage, probeId: string, fileName: string, bytes: number): Promise<void> {
  const draft = await assets.openDraft(`probe-${probeId}`);
  try {
    for (const chunk of probeContent(bytes)) await draft.write(chunk);
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

function hashOf(chunks: Iterable<Uint8Array>): string {
  const sha256 = createHash('sha256');
  for (const chunk of chunks) sha256.update(chunk);
  return sha256.digest('hex');
}

function expectSame(read: string, expected: string): void {
  if (read !== expected) throw new StorageError('io-failed', 'what was written is read as something else');
}
