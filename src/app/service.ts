import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { StoreError } from '../store/store-error.js';
import { adviseOn, type Config, toUrl } from '../settings/config.js';
import { closeToOthers, lockDataDir } from './data-dir.js';
import { type Context, createContext } from './context.js';
import { checkDescriptorLimit } from './descriptor-limit.js';
import { createLogger } from '../telemetry/logger.js';
import { type MainStore, openStore } from './open-store.js';
import { warnOfStorage } from './open-storage.js';
import { openSecretRegistry } from '../sources/secret-registry.js';
import type { Secrets } from '../sources/secrets.js';
import { makeSetupLink } from './access.js';
import { StoreWatch } from '../telemetry/store-watch.js';

/** How long a stop may take in all, once it begins; a supervisor's own patience is usually 30 s. */
export const stopWithinMs = 10_000;

export interface Service {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly publicUrl: string;
  readonly secrets: Secrets;
  /** Whether there is no administrator yet, once the store can tell; false where this process does not serve the API. */
  needsSetup(): Promise<boolean>;
  /** A new link that makes an administrator; undefined where there is one. */
  makeSetupLink(): Promise<string | undefined>;
  readonly log: Logger;
  /** Refuses new work, finishes or releases what runs, flushes, closes. */
  stop(): Promise<void>;
}

/**
 * Starts Earshot: accepting pushes comes first, whatever the backlog, and whether or not a database elsewhere
 * answers; everything else comes behind it.
 * @throws AppError or StoreError where it cannot start; nothing is left open then.
 */
export async function startService(config: Config): Promise<Service> {
  const adviceOnLimit = checkDescriptorLimit();
  const releaseLock = lockDataDir(config.dataDir);
  const undo: (() => Promise<void> | void)[] = [releaseLock];
  try {
    const log = createLogger(config.logLevel, 'main');
    const opened = closeToOthers(config.dataDir);
    if (opened.length > 0) log.warn({ opened }, 'Others could read these: they are for this user alone now.');
    const clock: Clock = () => Date.now();
    const watch = new StoreWatch(clock, () => performance.now(), log);
    const store = await openStore(config, watch, log);
    undo.push(() => store.close());
    const secrets = await openSecretRegistry(config, store, log);
    const context = await createContext(config, store, watch, secrets, log, clock);
    undo.push(() => context.close());
    const { host, port } = await context.http.listen(config.host, config.port);
    undo.push(() => context.flush());
    undo.push(() => context.http.close(stopWithinMs / 2));
    await store.tried;
    for (const advice of [...adviseOn(config), adviceOnLimit ?? []].flat()) log.warn(advice);
    // The other roles never speak to it, and need not have its keys.
    if (config.roles.some((role) => role === 'archive' || role === 'api')) void warnOfStorage(config, log);
    const started = startBehind(store, watch, context);
    undo.push(() => context.presence?.leave());
    undo.push(async () => {
      started.cancel();
      await context.threads.stop(stopWithinMs / 2);
    });
    const url = toUrl({ host, port });
    const stop = once(async () => {
      context.drain();
      await wait(config.stopDelayMs);
      await unwind(undo);
    });
    const publicUrl = config.publicUrl ?? url;
    return {
      ...{ url, publicUrl, secrets: secrets.secrets, log, stop },
      needsSetup: async () => config.roles.includes('api') && (await askForSetup(store, log)),
      makeSetupLink: () => makeSetupLink(store, publicUrl, clock),
    };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

/** Once the store is there, starts the threads and tells the others of this process. */
function startBehind(
  { ready }: Pick<MainStore, 'ready'>,
  watch: StoreWatch,
  { threads, presence }: Context,
): { cancel: () => void } {
  let isCancelled = false;
  ready.then(
    () => {
      if (isCancelled) return;
      watch.answered();
      presence?.start();
      threads.start();
    },
    // Nothing waits for it any more: it was closed before it was there.
    () => undefined,
  );
  return {
    cancel: () => {
      isCancelled = true;
    },
  };
}

/** The server runs without the answer, and the command that makes a link needs none. */
async function askForSetup(
  { setup, ready }: Pick<MainStore, 'setup' | 'ready'>,
  log: Logger,
): Promise<boolean> {
  try {
    await ready;
    return await setup.isNeeded();
  } catch (error) {
    const isStopping = error instanceof StoreError && error.kind === 'closed';
    if (!isStopping) log.warn({ err: error }, 'Whether there is an account could not be told.');
    return false;
  }
}

async function unwind(steps: (() => Promise<void> | void)[]): Promise<void> {
  for (let step = steps.pop(); step; step = steps.pop()) await step();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
