import { createHash } from 'node:crypto';
import type { Asset, AssetDifference } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { RecordingPosition, RecordingsReader } from '../store/recordings.js';

export interface VerifiedAsset {
  readonly recordingId: string;
  readonly callId: string;
  readonly deadlineAt: number;
  readonly sha256: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Absent where the asset is what it was. */
  readonly difference?: AssetDifference;
}

const pageSize = 200;

/** Reads every asset again and compares size and SHA-256; yields each, in the order of the deadlines. */
export async function* verifyAssets(
  recordings: Pick<RecordingsReader, 'list'>,
  storage: Pick<AssetStorage, 'read' | 'size'>,
): AsyncGenerator<VerifiedAsset> {
  let after: RecordingPosition | undefined;
  do {
    const page = await recordings.list({ state: 'archived', limit: pageSize, ...(after ? { after } : {}) });
    for (const { id, callId, deadlineAt, asset } of page.items) {
      if (!asset) continue;
      const difference = await compareAsset(asset, storage);
      const { fileName, bytes, sha256 } = asset;
      const told = { recordingId: id, callId, deadlineAt, sha256, fileName, bytes };
      yield { ...told, ...(difference ? { difference } : {}) };
    }
    after = page.next;
  } while (after);
}

/** Reads all of an asset; undefined where it is what it was. */
export async function compareAsset(
  asset: Asset,
  storage: Pick<AssetStorage, 'read' | 'size'>,
): Promise<AssetDifference | undefined> {
  try {
    const size = await storage.size(asset.fileName);
    if (size === undefined) return 'missing';
    if (size !== asset.bytes) return 'wrong-size';
    const sha256 = createHash('sha256');
    for await (const chunk of await storage.read(asset.fileName)) sha256.update(chunk as Uint8Array);
    return sha256.digest('hex') === asset.sha256 ? undefined : 'wrong-content';
  } catch {
    return 'unreadable';
  }
}
