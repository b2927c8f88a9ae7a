import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { createPushKeys } from '../intake/push-key.js';
import { type InboxState, type InboxTurn, SpoolingInbox } from '../intake/spooling-inbox.js';
import type { Config } from '../settings/config.js';
import type { InboxReader, InboxWriter } from '../store/inbox.js';
import type { ProcessRole, SharedRoles } from '../store/shared-roles.js';
import { InboxFileReader } from '../store/sqlite/inbox-reader.js';
import { type OpenSpool, openSqliteSpool, spoolFileIn } from '../store/sqlite/open-sqlite-spool.js';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.js';
import { sqliteFilesIn } from '../store/sqlite/sqlite-files.js';
import { StoreError } from '../store/store-error.js';
import type { Store } from '../store/store.js';
import type { StoreWatch } from '../telemetry/store-watch.js';
import { refuseMoved } from './open-data.js';
import { mendsItself, type StoreAccess, untilPrepared } from './store-access.js';

export type StoreKind = 'embedded' | 'postgres';
export type ThreadName = 'pipeline' | 'archive' | 'analyse' | 'deliver' | 'export';

/** The store as the main thread has it. */
export interface MainStore extends Store {
  readonly kind: StoreKind;
  readonly inboxReader: Pick<InboxReader, 'backlog'>;
  /** Where other processes may work on it, too. */
  readonly shared?: SharedRoles;
  /** Resolves once all of it is open. A database elsewhere is asked until it answers; rejects for what a person must mend. */
  readonly ready: Promise<void>;
  /** Resolves, without waiting any longer, where a database elsewhere does not answer. Otherwise as `ready`. */
  readonly tried: Promise<void>;
  /** Where pushes go, where there is more than one place; absent where this process takes none, too. */
  readonly inboxState?: () => Promise<InboxState>;
  /** For one more thread. */
  accessFor(thread: ThreadName): StoreAccess;
}

/**
 * Opens the store of the main thread; its `inbox` takes pushes as soon as it can, whatever else is not there yet.
 * @throws StoreError where an inbox on the disk cannot be opened, or the embedded store was moved away.
 */
export async function openStore(config: Config, watch: StoreWatch, log: Logger): Promise<MainStore> {
  const { databaseUrl } = config;
  return databaseUrl === undefined
    ? await openEmbedded(config, log)
    : await openSharedStore(config, databaseUrl, watch, log);
}

async function openEmbedded({ dataDir }: Config, log: Logger): Promise<MainStore> {
  refuseMoved(dataDir);
  const store = await openSqliteStore(dataDir, (error) => {
    stopForSupervisor(error, log);
  });
  const inboxReader = new InboxFileReader(sqliteFilesIn(dataDir).inbox);
  return {
    ...store,
    kind: 'embedded',
    inboxReader,
    tried: store.ready,
    accessFor: () => ({ kind: 'embedded', ports: store.ports() }),
    close: async () => {
      inboxReader.close();
      await store.close();
    },
  };
}

/** How long a start waits for the first attempt, which may bring up a new schema. Pushes are taken meanwhile, whatever comes of it. */
const triedWithinMs = 10_000;
/** The sender has gone by then; sooner or later an inbox that waits for a dead connection must try a new one. */
const intakeAnswersWithinMs = 2_000;
/** Others need some room on the disk, too, and so does deleting. */
const minFreeBytes = 512 * 1024 * 1024;

/**
 * The store of the main thread in PostgreSQL. The inbox has connections of its own: no query of the API may keep an
 * acknowledgement waiting for one. With it goes the spool, a file in the data folder, that takes pushes when the
 * database does not.
 */
async function openSharedStore(
  config: Config,
  url: string,
  watch: StoreWatch,
  log: Logger,
): Promise<MainStore> {
  const { openPostgresStore } = await import('../store/postgres/open-postgres-store.js');
  const shares = shareConnections(config.databaseConnections, config.roles);
  const spool = config.roles.includes('intake') ? await openSpool(config, log) : undefined;
  const intake = openPostgresStore({
    ...{ url, connections: shares.intake, applicationName: 'earshot intake' },
    answerWithinMs: intakeAnswersWithinMs,
  });
  const store = openPostgresStore({ url, connections: shares.main, applicationName: 'earshot' });
  const inbox = spool && openInbox(config, intake.inbox, spool, log);
  const closing = new AbortController();
  return {
    ...store,
    ...prepareBehind(store, watch, closing.signal),
    inbox: inbox ?? intake.inbox,
    kind: 'postgres',
    ...(inbox ? { inboxState: () => inbox.state() } : {}),
    accessFor: (thread) => ({
      kind: 'postgres',
      url,
      connections: shares[thread],
      applicationName: `earshot ${thread}`,
      ...(spool && thread === 'pipeline' ? { spool: spool.port() } : {}),
    }),
    close: async () => {
      closing.abort();
      inbox?.close();
      await Promise.all([intake.close(), store.close(), spool?.close()]);
    },
  };
}

function openSpool({ dataDir, spoolMaxBytes }: Config, log: Logger): Promise<OpenSpool> {
  const bounds = { maxBytes: spoolMaxBytes, minFreeBytes };
  return openSqliteSpool(spoolFileIn(dataDir), bounds, (error) => {
    stopForSupervisor(error, log);
  });
}

function openInbox(config: Config, database: InboxWriter, { spool }: OpenSpool, log: Logger): SpoolingInbox {
  const clock = (): number => Date.now();
  const newKey = createPushKeys(clock, randomBytes);
  const onTurn = ({ goesTo, error }: InboxTurn): void => {
    if (error !== undefined)
      log.error({ err: error, goesTo }, `${turnWords[goesTo]}; they are acknowledged.`);
    else log.warn({ goesTo }, `${turnWords[goesTo]} again.`);
  };
  return new SpoolingInbox({ mode: config.inbox, database, spool, newKey, clock, onTurn });
}

const turnWords = {
  database: 'Pushes go to the database',
  local: 'Pushes go to the local inbox in the data folder',
} as const;

function prepareBehind(
  store: { prepare(): Promise<void> },
  watch: StoreWatch,
  signal: AbortSignal,
): Pick<MainStore, 'ready' | 'tried'> {
  const onFailure = (error: unknown): void => {
    watch.failed(error);
  };
  const first = store.prepare();
  const ready = first.catch(async (error: unknown) => {
    if (!mendsItself(error)) throw error;
    onFailure(error);
    if (!(await untilPrepared(store, onFailure, signal)))
      throw new StoreError('closed', 'The store is closed.');
  });
  const tried = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, triedWithinMs);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error === undefined || mendsItself(error)) resolve();
      else reject(error);
    };
    first.then(() => {
      settle();
    }, settle);
  });
  // A failure rejects for those that wait; without any it must not end the process.
  for (const promise of [ready, tried]) promise.catch(() => undefined);
  return { ready, tried };
}

/** Connections to the database, by who has them. */
export interface ConnectionShares {
  /** Of the inbox alone: one group is written at a time, and readiness asks beside it. */
  readonly intake: number;
  readonly pipeline: number;
  readonly archive: number;
  readonly analyse: number;
  readonly deliver: number;
  readonly export: number;
  /** The API and whatever else the main thread does. */
  readonly main: number;
}

const ofIntake = 2;
/** The one that listens for wake-ups. */
const ofListening = 1;
/** They do one thing at a time, and most of that is no query. */
const ofAnalysing = 1;
const ofExporting = 1;
/** Divides what one process may have: a fifth for each thread that runs, and the rest, at least 2, for the main one. */
export function shareConnections(total: number, roles: readonly ProcessRole[]): ConnectionShares {
  const ofThread = Math.max(2, Math.floor(total / 5));
  const threads = { pipeline: 'intake', archive: 'archive', deliver: 'deliver' } as const;
  const running = Object.values(threads).filter((role) => roles.includes(role)).length;
  const ofThreads =
    running * ofThread +
    (roles.includes('archive') ? ofAnalysing : 0) +
    (roles.includes('api') ? ofExporting : 0);
  return {
    intake: ofIntake,
    pipeline: ofThread,
    archive: ofThread,
    analyse: ofAnalysing,
    deliver: ofThread,
    export: ofExporting,
    main: Math.max(2, total - ofThreads - ofIntake - ofListening),
  };
}

/** A thread of the store is gone and cannot be brought back here: a supervisor starts the process again. */
function stopForSupervisor(error: Error, log: Logger): void {
  log.fatal({ err: error }, 'A thread of the store died. Earshot stops: a supervisor should start it again.');
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}
