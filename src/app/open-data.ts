import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { AppError } from '../domain/errors.js';
import type { InboxReader } from '../store/inbox.js';
import type { ProjectionRebuild } from '../store/projection.js';
import { openDirectly } from '../store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../store/sqlite/sqlite-files.js';
import type { Store } from '../store/store.js';
import type { Config } from '../settings/config.js';
import { makeDurableFolder } from '../storage/folder-sync.js';
import { readMovedTo } from '../store/sqlite/open-copy.js';
import { StoreError } from '../store/store-error.js';
import { Auditor, earshotActor } from '../access/auditor.js';
import type { AuditAction } from '../domain/audit-actions.js';
import type { NewAuditRecord } from '../store/audit-log.js';

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

/**
 * A start on an embedded store whose data was moved away would take pushes into a store that is no longer read.
 * @throws StoreError `moved`, with where the data is.
 */
export function refuseMoved(dataDir: string): void {
  const place = readMovedTo(dataDir);
  if (place !== undefined)
    throw new StoreError('moved', `What was in the embedded store in ${dataDir} is in ${place} now.`);
}

/** An embedded store, as a note elsewhere names it. */
export function placeOfFolder(dataDir: string): string {
  return `the embedded store in ${dataDir} on ${hostname()}`;
}

/**
 * Opens the data, beside a running server or without one, for as long as the work takes.
 * @throws AppError `data-dir-unusable` where the folder holds no data, unless `mayCreate`.
 */
export async function withData<T>(
  config: DataSettings,
  work: (data: OpenData) => Promise<T>,
  { mayCreate = false } = {},
): Promise<T> {
  const data = await openData(config, { mayCreate });
  try {
    return await work(data);
  } finally {
    await data.close();
  }
}

/** What a command did, and to what. No account is signed in there: the record says so. */
export function tellAuditLog(
  { auditLog }: Pick<OpenData, 'auditLog'>,
  action: AuditAction,
  subject: NonNullable<NewAuditRecord['subject']>,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const told = { ...detail, by: 'the command line' };
  return new Auditor(auditLog, () => Date.now()).record({
    actor: earshotActor,
    action,
    subject,
    detail: told,
  });
}
