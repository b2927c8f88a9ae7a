import { describeAgain, type Redescribed } from '../../archive/describe-again.js';
import { verifyAssets, type VerifiedAsset } from '../../archive/verify-assets.js';
import { rebuildProjection } from '../../project/projector.js';
import { createVendorTime } from '../../protocol/vendor-time.js';
import { sortAgain } from '../../sort/sorter.js';
import type { AppendResult } from '../../store/journal.js';
import type { Config } from '../../settings/config.js';
import { openData, type OpenData } from '../open-data.js';
import { openStorage } from '../open-storage.js';

/** `due`: its download is. Else why it cannot be fetched again. */
export type Repair = 'due' | 'link-over' | 'published-here' | 'unreadable' | 'changed-meanwhile';

export interface DifferingAsset extends VerifiedAsset {
  readonly repair?: Repair;
}

export interface VerifyReport {
  readonly assets: number;
  readonly bytes: number;
  readonly differences: readonly DifferingAsset[];
  /** Fewer than one asset in ten is there: more likely a folder that is not mounted, or another bucket, than lost files. */
  readonly nearlyEmpty: boolean;
}

/**
 * Re-reads every asset, then makes due what is to be repaired; works beside a running server and without one.
 * A storage that is nearly empty is repaired only `evenIfEmpty`: the downloads would go to the wrong place.
 */
export async function verify(
  config: Config,
  { repairs, evenIfEmpty }: { readonly repairs: boolean; readonly evenIfEmpty: boolean },
  onProgress: (done: number, total: number) => void,
): Promise<VerifyReport> {
  return withData(config, async (data) => {
    const storage = await openStorage(config);
    const total = (await data.recordings.counts()).archived;
    const found: VerifiedAsset[] = [];
    let assets = 0;
    let bytes = 0;
    for await (const asset of verifyAssets(data.recordings, storage)) {
      assets++;
      bytes += asset.bytes;
      if (asset.difference) found.push(asset);
      onProgress(assets, Math.max(total, assets));
    }
    const missing = found.filter(({ difference }) => difference === 'missing').length;
    const absent = found.filter(({ difference }) => difference === 'unreadable').length + missing;
    const nearlyEmpty = missing > 0 && (assets - absent) * 10 < assets;
    const differences: DifferingAsset[] = [];
    for (const asset of found)
      differences.push(
        repairs && (evenIfEmpty || !nearlyEmpty) ? { ...asset, repair: await repair(asset, data) } : asset,
      );
    return { assets, bytes, differences, nearlyEmpty };
  });
}

async function repair(asset: VerifiedAsset, { recordingsWriter }: OpenData): Promise<Repair> {
  if (asset.difference === 'unreadable') return 'unreadable';
  const now = Date.now();
  switch (await recordingsWriter.retryNow(asset.recordingId, now, asset.sha256)) {
    case 'accepted':
      return 'due';
    case 'not-downloadable':
      return asset.deadlineAt <= now ? 'link-over' : 'published-here';
    case 'archived':
    case 'running':
    case 'unknown':
      return 'changed-meanwhile';
  }
}

export interface DescriptionReport {
  readonly assets: number;
  readonly changed: readonly Redescribed[];
  readonly unreadable: readonly Redescribed[];
}

/** Describes every asset as this version does; works beside a running server and without one. */
export async function describeAssets(
  config: Config,
  onProgress: (done: number, total: number) => void,
): Promise<DescriptionReport> {
  return withData(config, async (data) => {
    const storage = await openStorage(config);
    const total = (await data.recordings.counts()).archived;
    const changed: Redescribed[] = [];
    const unreadable: Redescribed[] = [];
    let assets = 0;
    for await (const told of describeAgain({ ...data, storage, clock: () => Date.now() })) {
      assets++;
      if (told.outcome === 'changed') changed.push(told);
      if (told.outcome === 'unreadable') unreadable.push(told);
      onProgress(assets, Math.max(total, assets));
    }
    return { assets, changed, unreadable };
  });
}

/** Reads every kept push once more and journals what is missing. */
export function sortKeptPushes(config: Config, onProgress: (pushes: number) => void): Promise<AppendResult> {
  return withData(config, (data) =>
    sortAgain(
      { inbox: data.inboxReader, journal: data.journal, journalWriter: data.journalWriter },
      onProgress,
    ),
  );
}

/** Builds calls and recordings anew from the journal. Returns how many entries were read. */
export function rebuild(config: Config, onProgress: (done: number, total: number) => void): Promise<number> {
  return withData(config, (data) =>
    rebuildProjection(
      { journal: data.journal, rebuild: data.rebuild, toInstant: createVendorTime(config.timeZone) },
      onProgress,
    ),
  );
}

async function withData<T>(config: Config, work: (data: OpenData) => Promise<T>): Promise<T> {
  const data = await openData(config);
  try {
    return await work(data);
  } finally {
    await data.close();
  }
}
