import { createHash } from 'node:crypto';
import type { Asset } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { RecordingPosition, RecordingsReader } from '../store/recordings.js';

/** How an asset differs from what was archived. */
export type Difference = 'missing' | 'wrong-size' | 'wrong-content' | 'unreadable';

export interface VerifiedAsset {
  readonly recordingId: string;
  readonly callId: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Absent where the asset is what it was. */
  readonly difference?: Difference;
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
    for (const { id, callId, asset } of page.items) {
      if (!asset) continue;
      const difference = await compare(asset, storage);
      const { fileName, bytes } = asset;
      yield { recordingId: id, callId, fileName, bytes, ...(difference ? { difference } : {}) };
    }
    after = page.next;
  } while (after);
}

async function compare(
  asset: Asset,
  storage: Pick<AssetStorage, 'read' | 'size'>,
): Promise<Difference | undefined> {
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
