import { Connection } from '../../../src/store/sqlite/connection.js';
import { sqliteFilesIn } from '../../../src/store/sqlite/sqlite-files.js';

/** As if all who are signed in had shown long ago who they are. */
export function forgetProofs(dataDir: string): void {
  const connection = new Connection(sqliteFilesIn(dataDir).store, { busyTimeoutMs: 10_000, cacheKiB: 1_024 });
  try {
    connection.exec('UPDATE sessions SET proven_at = 0');
  } finally {
    connection.close();
  }
}
