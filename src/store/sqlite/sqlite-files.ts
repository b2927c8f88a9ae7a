import { join } from 'node:path';

/** The embedded store's two files: the inbox apart, so that nothing else can hold up an acknowledgement. */
export interface SqliteFiles {
  readonly inbox: string;
  readonly store: string;
}

export function sqliteFilesIn(dataDir: string): SqliteFiles {
  return { inbox: join(dataDir, 'inbox.db'), store: join(dataDir, 'store.db') };
}
