import { existsSync } from 'node:fs';
import { AppError } from '../domain/errors.js';
import type { InboxReader, InboxWriter } from '../store/inbox.js';
import type { ProjectionRebuild } from '../store/projection.js';
import type { Store } from '../store/store.js';
import { openDirectly } from '../store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../store/sqlite/sqlite-files.js';
import { makeDurableFolder } from './durable-folder.js';

/** The store as commands use it: beside a running server or without one, in this thread. */
export interface OpenDataDir extends Omit<Store, 'close'> {
  readonly inbox: InboxWriter;
  readonly inboxReader: InboxReader;
  readonly rebuild: ProjectionRebuild;
  /** `ok`, or what SQLite finds wrong with each file. */
  check(): { inbox: string; store: string };
  close(): void;
}

/**
 * Opens the store in a data folder.
 * @throws AppError `data-dir-unusable` where there is none, unless `mayCreate`, or where it cannot be made.
 */
export function openDataDir(dataDir: string, { mayCreate = false } = {}): OpenDataDir {
  const files = sqliteFilesIn(dataDir);
  if (mayCreate) makeFolder(dataDir);
  else if (!existsSync(files.store)) {
    throw new AppError('data-dir-unusable', `${dataDir} holds no Earshot data.`);
  }
  return openDirectly(files, () => Date.now());
}

function makeFolder(dataDir: string): void {
  try {
    makeDurableFolder(dataDir);
  } catch (error) {
    throw new AppError('data-dir-unusable', `${dataDir} cannot be made: ${(error as Error).message}.`);
  }
}
