import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Asset } from '../domain/recording.js';
import { type AssetDraft, type AssetStorage, StorageError } from '../storage/asset-storage.js';

/** `missing`, `damaged`, `unreadable`: in the old storage. `not-written`: the new one did not keep it. */
export type AssetFailure = 'missing' | 'damaged' | 'unreadable' | 'not-written';

export type AssetCopy =
  | { readonly kind: 'copied' | 'there-already' }
  | { readonly kind: 'failed'; readonly failure: AssetFailure; readonly error?: unknown };

/**
 * Copies one asset under its name, and reads it back: copied is what has the size and the SHA-256 that the recording
 * has. Nothing of the old storage is changed.
 */
export async function copyAsset(
  asset: Pick<Asset, 'fileName' | 'bytes' | 'sha256'>,
  draftId: string,
  from: Pick<AssetStorage, 'read'>,
  to: Pick<AssetStorage, 'read' | 'size' | 'openDraft'>,
): Promise<AssetCopy> {
  try {
    if (await isThere(asset, to)) return { kind: 'there-already' };
    const draft = await to.openDraft(draftId);
    try {
      await draft.restart();
      const failure = await fill(draft, asset, from);
      if (failure) {
        await draft.abandon();
        return failure;
      }
      await draft.commit(asset.fileName, { sha256: asset.sha256 });
    } catch (error) {
      await draft.abandon().catch(() => undefined);
      throw error;
    }
    return (await isThere(asset, to)) ? { kind: 'copied' } : { kind: 'failed', failure: 'not-written' };
  } catch (error) {
    return { kind: 'failed', failure: 'not-written', error };
  }
}

async function isThere(
  { fileName, bytes, sha256 }: Pick<Asset, 'fileName' | 'bytes' | 'sha256'>,
  storage: Pick<AssetStorage, 'read' | 'size'>,
): Promise<boolean> {
  if ((await storage.size(fileName)) !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of await storage.read(fileName)) hash.update(chunk as Uint8Array);
  return hash.digest('hex') === sha256;
}

/** @returns what is wrong with the old asset; undefined where the draft holds it. @throws what the draft failed with. */
async function fill(
  draft: AssetDraft,
  { fileName, bytes, sha256 }: Pick<Asset, 'fileName' | 'bytes' | 'sha256'>,
  from: Pick<AssetStorage, 'read'>,
): Promise<AssetCopy | undefined> {
  let stream: Readable;
  try {
    stream = await from.read(fileName);
  } catch (error) {
    return toFailure(error);
  }
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const hash = createHash('sha256');
  let total = 0;
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      return toFailure(error);
    }
    if (next.done === true) break;
    total += next.value.length;
    hash.update(next.value);
    try {
      await draft.write(next.value);
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }
  if (total === bytes && hash.digest('hex') === sha256) return undefined;
  return { kind: 'failed', failure: 'damaged' };
}

function toFailure(error: unknown): AssetCopy {
  const isMissing = error instanceof StorageError && error.code === 'asset-missing';
  return { kind: 'failed', failure: isMissing ? 'missing' : 'unreadable', error };
}
