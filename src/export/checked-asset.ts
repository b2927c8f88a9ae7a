import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Asset } from '../domain/recording.js';
import { type AssetStorage, StorageError } from '../storage/asset-storage.js';

/** Why audio that was archived is not in a ZIP; words of `earshot verify`. */
export type AssetTrouble = 'missing' | 'wrong-size' | 'wrong-content' | 'unreadable';

/** Audio that is what was archived, every byte of it. */
export interface CheckedAsset {
  readonly asset: Asset;
  readonly crc32: number;
  read(): AsyncIterable<Uint8Array>;
}

export interface AssetReading {
  readonly storage: Pick<AssetStorage, 'read'>;
  readonly signal: AbortSignal;
  /** Larger ones are read twice: to be checked, and to be written. */
  readonly maxHeldBytes: number;
}

/**
 * Reads all of an asset and compares it with what was archived: a file that differs is never handed on. Small ones stay
 * in memory until they are read.
 */
export async function checkAsset(asset: Asset, reading: AssetReading): Promise<CheckedAsset | AssetTrouble> {
  const { maxHeldBytes } = reading;
  const held: Uint8Array[] = [];
  const sha256 = createHash('sha256');
  let bytes = 0;
  let crc = 0;
  try {
    for await (const chunk of readAsset(asset, reading)) {
      bytes += chunk.length;
      if (bytes > asset.bytes) return 'wrong-size';
      sha256.update(chunk);
      crc = crc32(chunk, crc);
      if (asset.bytes <= maxHeldBytes) held.push(chunk);
    }
  } catch (error) {
    reading.signal.throwIfAborted();
    if (!(error instanceof StorageError)) throw error;
    return error.code === 'asset-missing' ? 'missing' : 'unreadable';
  }
  if (bytes !== asset.bytes) return 'wrong-size';
  if (sha256.digest('hex') !== asset.sha256) return 'wrong-content';
  const isHeld = asset.bytes <= maxHeldBytes;
  return { asset, crc32: crc, read: () => (isHeld ? fromHeld(held) : readAsset(asset, reading)) };
}

async function* readAsset(
  { fileName }: Asset,
  { storage, signal }: AssetReading,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal.throwIfAborted();
  for await (const chunk of await storage.read(fileName)) {
    signal.throwIfAborted();
    yield chunk as Uint8Array;
  }
}

/** Lets go of each piece as it is taken. */
async function* fromHeld(held: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (let chunk = held.shift(); chunk; chunk = held.shift()) yield await Promise.resolve(chunk);
}
