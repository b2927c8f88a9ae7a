import { parentPort, workerData } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/clock.js';
import { stopMessage } from '../../runtime/thread-messages.js';
import type { Settings } from '../../settings/settings.js';
import { yieldToIntake } from '../../store/sqlite/threads.js';
import { createLogger } from '../../telemetry/logger.js';
import { openThreadStore, type StoreAccess, type ThreadStore } from '../store-access.js';

/** What every thread behind intake is started with. */
export interface ThreadData {
  readonly store: StoreAccess;
  readonly logLevel: Settings['logLevel'];
  /** Of the process. */
  readonly instance: string;
  /** How long claims last. */
  readonly leaseMs: number;
}

export interface RunningThread<Data extends ThreadData> {
  readonly data: Data;
  readonly store: ThreadStore;
  readonly log: Logger;
  /** Of leases and of what others compare with theirs: the database's where there is one. */
  readonly clock: Clock;
  /** Aborts when the main thread asks this one to stop. */
  readonly signal: AbortSignal;
  /** Calls `hear` with every other message of the main thread. */
  readonly listen: (hear: (message: unknown) => void) => void;
}

/** The frame of a worker thread: its log, its store, its stop. `work` ends when `signal` has aborted. */
export async function runThread<Data extends ThreadData>(
  name: string,
  work: (thread: RunningThread<Data>) => Promise<void>,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error(`${name} runs as a worker thread only`);
  const data = workerData as Data;
  yieldToIntake();
  const log = createLogger(data.logLevel, name);
  const stopping = new AbortController();
  let hear: (message: unknown) => void = () => undefined;
  port.on('message', (message: unknown) => {
    if (message === stopMessage) stopping.abort();
    else hear(message);
  });
  const { signal } = stopping;
  const store = await openThreadStore(data.store, signal, log);
  if (store) {
    const local: Clock = () => Date.now();
    const clock = store.shared?.toSharedClock(local) ?? local;
    await work({ data, store, log, clock, signal, listen: (listener) => (hear = listener) });
    await store.close();
  }
  port.close();
}
