import { join } from 'node:path';
import { StoreError } from '../store-error.js';
import { Connection } from './connection.js';

/** The embedded store's two files: the inbox apart, so that nothing else can hold up an acknowledgement. */
export interface SqliteFiles {
  readonly inbox: string;
  readonly store: string;
}

export function sqliteFilesIn(dataDir: string): SqliteFiles {
  return { inbox: join(dataDir, 'inbox.db'), store: join(dataDir, 'store.db') };
}

/** Takes a lock that ends with this process at the latest; returns what releases it, or undefined where another process has it. */
export function holdFileLock(file: string): (() => void) | undefined {
  let connection: Connection | undefined;
  try {
    connection = new Connection(file, { busyTimeoutMs: 0, cacheKiB: 64, journal: 'delete' });
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (error instanceof StoreError && error.kind === 'busy') return undefined;
    throw error;
  }
  const held = connection;
  return () => {
    held.close();
  };
}
