import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { adviseOn } from './advice.js';
import type { Config } from './config.js';
import { createContext, type Context } from './context.js';
import { lockDataDir } from './data-dir-lock.js';
import { createLogger } from './logger.js';
import type { MainStore } from './main-store.js';
import { warnOfStorage } from './open-storage.js';
import { openStore } from './open-store.js';
import { openSecretBook } from './secret-book.js';
import type { Secrets } from './secrets.js';
import { StoreWatch } from './store-watch.js';
import { toUrl } from './to-url.js';

/** How long a stop may take in all, once it begins; a supervisor's own patience is usually 30 s. */
export const stopWithinMs = 10_000;

export interface Service {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly publicUrl: string;
  readonly secrets: Secrets;
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
  const releaseLock = lockDataDir(config.dataDir);
  const undo: (() => Promise<void> | void)[] = [releaseLock];
  try {
    const log = createLogger(config.logLevel, 'main');
    const clock = (): number => Date.now();
    const watch = new StoreWatch(clock, log);
    const store = await openStore(config, watch, log);
    undo.push(() => store.close());
    const secrets = await openSecretBook(config, store, log);
    const context = await createContext(config, store, watch, secrets, log, clock);
    undo.push(() => context.close());
    const { host, port } = await context.http.listen(config.host, config.port);
    undo.push(() => context.flush());
    undo.push(() => context.http.close(stopWithinMs / 2));
    await store.tried;
    for (const advice of adviseOn(config)) log.warn(advice);
    void warnOfStorage(config, log);
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
    return { url, publicUrl: config.publicUrl ?? url, secrets: secrets.secrets, log, stop };
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

async function unwind(steps: (() => Promise<void> | void)[]): Promise<void> {
  for (let step = steps.pop(); step; step = steps.pop()) await step();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
