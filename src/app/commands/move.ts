import { resolve } from 'node:path';
import type { FailedAsset } from '../../move/asset-move.js';
import { AppError } from '../../domain/errors.js';
import type { Config } from '../../settings/config.js';
import { planMove, type MovePlan, type MoveRequest } from '../move/move-plan.js';
import { refuseServed, untilAtRest } from '../move/at-rest.js';
import { openAssetMove, type OpenAssetMove } from '../move/asset-ends.js';
import { openStoreMove, type MovedStore, type OpenStoreMove } from '../move/store-moving.js';
import { openSource, placeOf, type SourceEnd } from '../move/store-ends.js';
import { switchOver, type Switched } from '../move/switch-over.js';

export interface MoveOptions extends MoveRequest {
  /** Writes the settings into `earshot.json` of the working directory. */
  readonly writesSettings: boolean;
  /** Switches although some assets are not to be had from the old storage any more. */
  readonly leavesFailed: boolean;
}

export interface MoveEvents {
  onProgress(part: string, done: number, total: number): void;
  /** Everything so far is copied, and servers are in the way of the rest; `who` may be unknown. */
  onWaiting(who: string): void;
}

export interface MoveReport {
  /** Everything is there, compared, and in use from the next start on. */
  readonly ok: boolean;
  readonly store?: MovedStore;
  readonly assets?: {
    readonly verified: number;
    readonly copied: number;
    readonly bytes: number;
    readonly failed: readonly FailedAsset[];
  };
  /** What is not the same on both sides; nothing was switched then. */
  readonly differences: readonly string[];
  readonly switched?: Switched;
}

/**
 * Moves store, recordings or both, as `planMove` says. First beside a running server, and then, once that has been
 * stopped, what is left; compares everything; and switches over only where nothing differs. Interrupted anywhere, the
 * same call goes on where it was.
 * @throws AppError, StoreError or StorageError where it cannot; nothing was switched then.
 */
export async function move(config: Config, options: MoveOptions, events: MoveEvents): Promise<MoveReport> {
  const plan = planMove(config, options);
  const source = await openSource(config);
  const opened: { close(): Promise<void> }[] = [source];
  try {
    const movedTo = await source.marks.movedTo();
    if (movedTo !== undefined) {
      refuseElsewhere(config, plan, movedTo);
      // Interrupted between the note, which comes last but one, and the settings.
      return await switchTo(config, plan, options);
    }
    const store = plan.store && (await openStoreMove(config, plan.store, source, events));
    if (store) opened.push(store);
    const assets =
      plan.storageUrl === undefined ? undefined : await openAssets(config, plan.storageUrl, source, events);
    return await moveBoth({ config, plan, options, opened, store, assets, source }, events);
  } finally {
    for (const each of opened.splice(0).reverse()) await each.close();
  }
}

function refuseElsewhere(config: Config, { store, storageUrl }: MovePlan, movedTo: string): void {
  const place = store && placeOf(config, store);
  if (movedTo !== place || storageUrl !== undefined)
    throw new AppError('move-refused', `What was here is in ${movedTo} already.`);
}

interface Moving {
  readonly config: Config;
  readonly plan: MovePlan;
  readonly options: MoveOptions;
  readonly opened: { close(): Promise<void> }[];
  readonly source: SourceEnd;
  readonly store: OpenStoreMove | undefined;
  readonly assets: OpenAssetMove | undefined;
}

function openAssets(
  config: Config,
  storageUrl: string,
  source: SourceEnd,
  events: MoveEvents,
): Promise<OpenAssetMove> {
  return openAssetMove(config, storageUrl, source, (done, total) => {
    events.onProgress('assets', done, total);
  });
}

async function moveBoth(moving: Moving, events: MoveEvents): Promise<MoveReport> {
  const { config, options, source, store, assets } = moving;
  await refuseServed(store?.shared, store?.place ?? '');
  const catchUp = async (): Promise<void> => {
    await store?.catchUp();
    await assets?.catchUp();
  };
  await catchUp();
  const { dataDir } = config;
  const onWaiting = (who: string): void => {
    events.onWaiting(who);
  };
  const rest = await untilAtRest({ dataDir, shared: source.shared, onWaiting, meanwhile: catchUp });
  try {
    await source.project();
    await assets?.settle();
    await store?.settle();
    const differences = [...((await store?.differences()) ?? []), ...((await assets?.differences()) ?? [])];
    if (differences.length === 0 && !(await rest.confirm()))
      differences.push('a server was started on the store meanwhile: it has gone on since it was copied');
    const failed = assets?.failures ?? [];
    if (differences.length > 0 || (failed.length > 0 && !options.leavesFailed))
      return { ok: false, ...reportOf(moving), differences };
    await refuseServed(store?.shared, store?.place ?? '');
    return await finish(moving);
  } finally {
    rest.release();
  }
}

/** Nothing differs. The order matters: whatever is interrupted here, no server can start on what is not the truth. */
async function finish(moving: Moving): Promise<MoveReport> {
  const { config, plan, options, opened, store, source } = moving;
  const report = reportOf(moving);
  if (store) {
    await store.finish();
    await source.marks.setMovedTo(store.place);
  }
  for (const each of opened.splice(0).reverse()) await each.close();
  const failed = report.assets?.failed ?? [];
  return { ...(await switchTo(config, plan, options)), ...report, ok: failed.length === 0 };
}

async function switchTo(
  config: Config,
  plan: MovePlan,
  { writesSettings }: MoveOptions,
): Promise<MoveReport> {
  const settingsFile = writesSettings ? resolve('earshot.json') : undefined;
  return { ok: true, differences: [], switched: await switchOver({ config, plan, settingsFile }) };
}

function reportOf({ store, assets }: Moving): Pick<MoveReport, 'store' | 'assets'> {
  return {
    ...(store ? { store: store.report() } : {}),
    ...(assets ? { assets: assets.report() } : {}),
  };
}
