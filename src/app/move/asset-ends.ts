import { AssetMove, type FailedAsset } from '../../move/asset-move.js';
import { AppError } from '../../domain/errors.js';
import type { Config } from '../../settings/config.js';
import { checkStorage, openStorage } from '../open-storage.js';
import type { SourceEnd } from './store-ends.js';

/** Recordings on their way into another storage. */
export interface OpenAssetMove {
  catchUp(): Promise<void>;
  settle(): Promise<void>;
  differences(): Promise<string[]>;
  readonly failures: readonly FailedAsset[];
  report(): { verified: number; copied: number; bytes: number; failed: readonly FailedAsset[] };
}

/** @throws AppError `move-refused` where the new storage does not take what is written to it. */
export async function openAssetMove(
  config: Config,
  storageUrl: string,
  { recordings, journal }: Pick<SourceEnd, 'recordings' | 'journal'>,
  onProgress: (done: number, total: number) => void,
): Promise<OpenAssetMove> {
  const next = { ...config, storageUrl };
  const { wrong } = await checkStorage(next);
  if (wrong) throw new AppError('move-refused', wrong.sentence);
  const [from, to] = [await openStorage(config), await openStorage(next)];
  const move = new AssetMove({ recordings, journal, from, to, onProgress });
  return {
    catchUp: () => move.catchUp(),
    settle: () => move.settle(),
    differences: async () => {
      const difference = await move.check();
      return difference === undefined ? [] : [difference];
    },
    get failures() {
      return move.failures;
    },
    report: () => ({
      verified: move.verified,
      copied: move.copied,
      bytes: move.copiedBytes,
      failed: move.failures,
    }),
  };
}
