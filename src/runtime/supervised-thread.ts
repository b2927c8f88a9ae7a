import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { stopMessage, type ThreadMessage } from './thread-messages.js';

export interface SupervisedThread {
  /** Asks the thread to finish, and ends it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Tells the thread something; lost where it is not running: its successor begins with a look around. */
  post(message: string): void;
}

/** Between a death and the next life: a thread that dies at its start must not fill the log. */
const restartAfterMs = 1_000;

/**
 * A worker thread that is started again when it dies of a mistake of ours: what it did lies in the store,
 * its successor goes on from there, and intake never notices.
 */
export function superviseThread(
  name: string,
  start: () => Worker,
  { log, onMessage }: { log: Logger; onMessage: (message: ThreadMessage) => void },
): SupervisedThread {
  let stopping = false;
  let worker = startWatched();
  let restart: NodeJS.Timeout | undefined;

  function startWatched(): Worker {
    const started = start();
    started.on('message', onMessage);
    started.on('error', (error) => {
      log.error(
        { err: error, thread: name },
        `The ${name} thread died; a new one starts in ${restartAfterMs} ms.`,
      );
    });
    started.on('exit', () => {
      if (stopping) return;
      restart = setTimeout(() => {
        worker = startWatched();
      }, restartAfterMs);
    });
    return started;
  }

  return {
    post(message) {
      worker.postMessage(message);
    },
    async stop(graceMs) {
      stopping = true;
      clearTimeout(restart);
      const exited = new Promise<void>((resolve) => {
        worker.once('exit', () => {
          resolve();
        });
      });
      if (worker.threadId === -1) return;
      worker.postMessage(stopMessage);
      const end = setTimeout(() => void worker.terminate(), graceMs);
      await exited;
      clearTimeout(end);
    },
  };
}
