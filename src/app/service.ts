import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createContext, toUrl } from './context.js';
import { lockDataDir } from './data-dir-lock.js';
import { createLogger } from './logger.js';
import { loadSecrets, type Secrets } from './secrets.js';

/** How long a stop may take in all; a supervisor's own patience is usually 30 s. */
const stopWithinMs = 10_000;

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
 * Starts Earshot: accepting pushes comes first, whatever the backlog; everything else recovers behind it.
 * @throws AppError or StoreError where it cannot start; nothing is left open then.
 */
export async function startService(config: Config): Promise<Service> {
  const releaseLock = lockDataDir(config.dataDir);
  const undo: (() => Promise<void> | void)[] = [releaseLock];
  try {
    const log = createLogger(config.logLevel, 'main');
    const secrets = loadSecrets(config);
    const context = await createContext(config, secrets, log, () => Date.now());
    undo.push(() => context.close());
    const { host, port } = await context.http.listen(config.host, config.port);
    undo.push(() => context.flush());
    undo.push(() => context.http.close(stopWithinMs / 2));
    await context.ready;
    const threads = context.startThreads();
    undo.push(async () => {
      await Promise.all(threads.map((thread) => thread.stop(stopWithinMs / 2)));
    });
    const url = toUrl({ host, port });
    return { url, publicUrl: config.publicUrl ?? url, secrets, log, stop: once(() => unwind(undo)) };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

async function unwind(steps: (() => Promise<void> | void)[]): Promise<void> {
  for (let step = steps.pop(); step; step = steps.pop()) await step();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
