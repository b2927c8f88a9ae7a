import { existsSync } from 'node:fs';
import { AppError } from '../domain/errors.js';
import type { InboxReader } from '../store/inbox.js';
import type { ProjectionRebuild } from '../store/projection.js';
import { openDirectly } from '../store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../store/sqlite/sqlite-files.js';
import type { Store } from '../store/store.js';
import type { Config } from './config.js';
import { makeDurableFolder } from './durable-folder.js';
import { refuseMoved } from './refuse-moved.js';

/** The store as commands use it: beside running servers or without any, in this thread. */
export interface OpenData extends Store {
  readonly inboxReader: InboxReader;
  readonly rebuild: ProjectionRebuild;
}

export type DataSettings = Pick<Config, 'dataDir' | 'databaseUrl'>;

/** A command asks for one thing after the other. */
const connections = 4;

/**
 * Opens the store that the settings name.
 * @throws AppError `data-dir-unusable` where the embedded one is not there, unless `mayCreate`, or cannot be made.
 * @throws StoreError where the database cannot be used, or the data was moved away.
 */
export async function openData(
  { dataDir, databaseUrl }: DataSettings,
  { mayCreate = false } = {},
): Promise<OpenData> {
  if (databaseUrl === undefined) return openEmbeddedData(dataDir, { mayCreate });
  const { openPostgresStore } = await import('../store/postgres/open-postgres-store.js');
  const store = openPostgresStore({ url: databaseUrl, connections, applicationName: 'earshot command' });
  try {
    await store.prepare();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

export interface EmbeddedData extends OpenData {
  /** `ok`, or what SQLite finds wrong with each file. */
  check(): { inbox: string; store: string };
}

/** Opens the embedded store in a data folder; see `openData`. */
export function openEmbeddedData(
  dataDir: string,
  { mayCreate = false, evenIfMoved = false } = {},
): EmbeddedData {
  const files = sqliteFilesIn(dataDir);
  if (!evenIfMoved) refuseMoved(dataDir);
  if (mayCreate) makeFolder(dataDir);
  else if (!existsSync(files.store)) {
    throw new AppError('data-dir-unusable', `${dataDir} holds no Earshot data.`);
  }
  const data = openDirectly(files, () => Date.now());
  return {
    ...data,
    close: () => {
      data.close();
      return Promise.resolve();
    },
  };
}

function makeFolder(dataDir: string): void {
  try {
    makeDurableFolder(dataDir);
  } catch (error) {
    throw new AppError('data-dir-unusable', `${dataDir} cannot be made: ${(error as Error).message}.`);
  }
}
