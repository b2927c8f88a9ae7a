import { existsSync, statSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.js';
import { PortCaller } from './port-calls.js';
import { untilStopped } from './threads.js';

/**
 * Moves what the write-ahead logs hold into their databases, on connections of its own, so that no commit
 * pays for it. PASSIVE copies without blocking anybody, but under constant load it never finds the log
 * wholly copied: between its last look and its end somebody has committed, so the log would never start
 * anew and grow for ever. Past `finishBytes` the file's own writer is therefore asked to copy the little
 * that is left between two of its commits, some milliseconds' work. (RESTART from here would do it too, but
 * holds the write lock while it waits for readers.)
 */
export interface CheckpointThreadData {
  readonly logs: readonly {
    readonly file: string;
    readonly finishBytes: number;
    readonly writer: MessagePort;
  }[];
}

const everyMs = 250;
const passiveBytes = 4 * 1024 * 1024;
const pageBytes = 4096;

if (!parentPort) throw new Error('checkpoint-thread runs as a worker thread only');
const ends = (workerData as CheckpointThreadData).logs.map(watchLog);
untilStopped(parentPort, () => {
  for (const end of ends) end();
});

/** Looks after one log; returns what ends that. */
function watchLog({ file, finishBytes, writer }: CheckpointThreadData['logs'][number]): () => void {
  const caller = new PortCaller(writer);
  let connection: Connection | undefined;
  let isFinishing = false;
  const close = (): void => {
    connection?.close();
    connection = undefined;
  };
  const timer = setInterval(() => {
    const size = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size < passiveBytes || isFinishing) return;
    try {
      if (connection?.isInPlace() === false) close();
      // Moved away: its writer makes it anew, nobody else.
      if (!existsSync(file)) return;
      connection ??= new Connection(file, { busyTimeoutMs: 100, cacheKiB: 1024 });
      if (connection.checkpoint() * pageBytes < finishBytes) return;
    } catch {
      // A full disk or a lock: the log stays, nothing is lost, the next round tries again.
      close();
      return;
    }
    isFinishing = true;
    void caller
      .call('file', 'checkpoint', [])
      .catch(() => undefined)
      .finally(() => {
        isFinishing = false;
      });
  }, everyMs);
  return () => {
    clearInterval(timer);
    close();
  };
}
