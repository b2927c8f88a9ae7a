import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { createPushKeys } from '../intake/push-key.js';
import { SpoolingInbox, type InboxTurn } from '../intake/spooling-inbox.js';
import type { InboxWriter } from '../store/inbox.js';
import { openSqliteSpool, spoolFileIn, type OpenSpool } from '../store/sqlite/open-sqlite-spool.js';
import { StoreError } from '../store/store-error.js';
import type { Config } from './config.js';
import type { MainStore } from './main-store.js';
import { shareConnections } from './share-connections.js';
import { stopForSupervisor } from './stop-for-supervisor.js';
import type { StoreWatch } from '../telemetry/store-watch.js';
import { mendsItself, untilPrepared } from './until-prepared.js';

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
export async function openSharedStore(
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
  // Whoever waits for them hears of a failure; nobody has to.
  for (const promise of [ready, tried]) promise.catch(() => undefined);
  return { ready, tried };
}
