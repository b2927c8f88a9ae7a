import { AppError } from '../../domain/errors.js';
import { StoreMove, type MovePart } from '../../move/store-move.js';
import type { Config } from '../../settings/config.js';
import { keepSecret, readSecretIfKept } from '../../sources/secrets.js';
import { join } from 'node:path';
import { openTarget, type SourceEnd, type TargetEnd } from './store-ends.js';

export interface MovedStore {
  readonly to: string;
  readonly entries: number;
  /** SHA-256 over the journal's entries, the same on both sides; hex. */
  readonly digest: string;
}

/** A store on its way into another. */
export interface OpenStoreMove {
  readonly place: string;
  readonly shared: TargetEnd['shared'];
  catchUp(): Promise<void>;
  settle(): Promise<void>;
  differences(): Promise<string[]>;
  /** The copy is whole: servers may start on it, and know the secrets that they knew. */
  finish(): Promise<void>;
  report(): MovedStore;
  close(): Promise<void>;
}

/** @throws AppError `move-refused` where the source cannot be moved there, or the target holds something else. */
export async function openStoreMove(
  config: Config,
  to: 'embedded' | { readonly url: string },
  source: SourceEnd,
  { onProgress }: { onProgress: (part: MovePart, done: number, total: number) => void },
): Promise<OpenStoreMove> {
  await refuseShortened(source);
  const target = await openTarget(config, to);
  try {
    const state = await target.target.begin(await source.marks.identity());
    const { copied, project } = target;
    const parts = { source: source.copy, sourceJournal: source.journal, target: target.target };
    const move = new StoreMove({ ...parts, copied, project, onProgress });
    return toOpenMove(config, source, target, move, state === 'finished');
  } catch (error) {
    await target.close();
    throw error;
  }
}

function toOpenMove(
  config: Config,
  source: SourceEnd,
  target: TargetEnd,
  move: StoreMove,
  isFinished: boolean,
): OpenStoreMove {
  let entries = 0;
  return {
    place: target.place,
    shared: target.shared,
    // A copy that was whole once may have been in use since: it is compared, and never written again.
    catchUp: async () => {
      if (!isFinished) await move.catchUp();
      if ((await move.checkJournal()) !== undefined && !isFinished) throw broken(target.place);
    },
    settle: async () => {
      if (!isFinished) await move.settle();
    },
    differences: async () => {
      const differsAt = await move.checkJournal();
      const counts = await move.compareCounts();
      entries = await source.journal.lastSeq();
      return differsAt === undefined ? counts : [`journal: entry ${differsAt} is not the same`, ...counts];
    },
    finish: async () => {
      await shareSecrets(config, source, target);
      await target.target.finish();
    },
    report: () => ({ to: target.place, entries, digest: move.digest }),
    close: () => target.close(),
  };
}

/** The embedded store finds a call's entries, and tells a repeated message, by the journal alone: all of it must be there. */
async function refuseShortened({ copy, journal }: SourceEnd): Promise<void> {
  const [first] = await copy.read('journal', 0, 1);
  if ((await journal.lastSeq()) === 0 || first?.['seq'] === 1) return;
  throw new AppError(
    'move-refused',
    'Months of its journal were dropped (EARSHOT_KEEP_MONTHS), and the embedded store needs the whole journal.',
  );
}

function broken(place: string): AppError {
  return new AppError(
    'move-refused',
    `What an earlier move has left in ${place} is not what is here. Empty it, or give another place.`,
  );
}

const secretNames = ['push-token', 'api-key'] as const;

/** Senders and programs go on with the token and the key that they have. */
async function shareSecrets({ dataDir }: Config, source: SourceEnd, target: TargetEnd): Promise<void> {
  for (const name of secretNames) {
    const file = join(dataDir, name);
    const kept = readSecretIfKept(file);
    if (target.shared && kept !== undefined) await target.shared.secrets.replace(name, kept);
    const shared = await source.shared?.secrets.find(name);
    if (!target.shared && shared !== undefined && shared !== kept) keepSecret(file, shared);
  }
}
