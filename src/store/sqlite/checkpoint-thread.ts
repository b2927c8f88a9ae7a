import { statSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { Connection } from './connection.js';

/**
 * Moves what the write-ahead logs hold into their databases, on connections of its own, so that no commit
 * ever pays for it. PASSIVE copies without blocking anybody, but under constant load it never finds the
 * log wholly copied, and the log would grow for ever; past `restartBytes` a RESTART, done right after a
 * PASSIVE one when little is left to copy, makes the next commit start the log from its beginning.
 */
const everyMs = 250;
const passiveBytes = 4 * 1024 * 1024;
const pageBytes = 4096;

interface Watched {
  readonly file: string;
  readonly restartBytes: number;
}

interface Log {
  readonly watched: Watched;
  connection?: Connection;
}

const logs: Log[] = (workerData as readonly Watched[]).map((watched) => ({ watched }));

setInterval(() => {
  for (const log of logs) {
    try {
      checkpoint(log);
    } catch {
      // A full disk or a lock: the log stays, nothing is lost, the next round tries again.
      log.connection?.close();
      delete log.connection;
    }
  }
}, everyMs);

function checkpoint(log: Log): void {
  const size = statSync(`${log.watched.file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (size < passiveBytes) return;
  log.connection ??= new Connection(log.watched.file, { busyTimeoutMs: 100, cacheKiB: 1024 });
  const pagesInLog = run(log.connection, 'PASSIVE');
  if (pagesInLog * pageBytes > log.watched.restartBytes) run(log.connection, 'RESTART');
}

/** Returns how many pages the log holds. */
function run(connection: Connection, mode: 'PASSIVE' | 'RESTART'): number {
  return Number(connection.prepare(`PRAGMA wal_checkpoint(${mode})`).get()?.['log']);
}
