import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { Projector } from '../../project/projector.js';
import { createVendorTime } from '../../protocol/vendor-time.js';
import type { CopySource, CopyTarget, MoveMarks } from '../../store/copying.js';
import type { JournalReader } from '../../store/journal.js';
import type { Projection } from '../../store/projection.js';
import type { RecordingsReader } from '../../store/recordings.js';
import type { SharedRoles } from '../../store/shared-roles.js';
import { moveMarksIn, openSqliteCopy, openSqliteCopySource } from '../../store/sqlite/open-copy.js';
import { sqliteFilesIn } from '../../store/sqlite/sqlite-files.js';
import type { Config } from '../../settings/config.js';
import { openEmbeddedData, placeOfFolder } from '../open-data.js';
import { placeOfDatabase } from './move-plan.js';

/** The store that is moved, beside the servers that work on it. */
export interface SourceEnd {
  readonly copy: CopySource;
  readonly marks: MoveMarks;
  readonly journal: JournalReader;
  readonly recordings: RecordingsReader;
  /** Folds what the projector has not come to. At rest only: it would be in the way of the server's own. */
  readonly project: () => Promise<number>;
  readonly shared?: SharedRoles;
  close(): Promise<void>;
}

/** The store that becomes its copy. */
export interface TargetEnd {
  /** Where it is, in words that hold no secret. */
  readonly place: string;
  readonly target: CopyTarget;
  readonly copied: CopySource;
  readonly project: () => Promise<number>;
  readonly shared?: SharedRoles;
  close(): Promise<void>;
}

/** @throws AppError `data-dir-unusable`, StoreError where it cannot be opened. */
export function openSource(config: Config): Promise<SourceEnd> | SourceEnd {
  const { databaseUrl } = config;
  return databaseUrl === undefined ? openEmbeddedSource(config) : openDatabaseSource(config, databaseUrl);
}

export function openTarget(
  config: Config,
  store: 'embedded' | { url: string },
): Promise<TargetEnd> | TargetEnd {
  return store === 'embedded' ? openEmbeddedTarget(config) : openDatabaseTarget(config, store.url);
}

/** Where a store is, in words that hold no secret. */
export function placeOf({ dataDir }: Pick<Config, 'dataDir'>, store: 'embedded' | { url: string }): string {
  return store === 'embedded' ? placeOfFolder(dataDir) : placeOfDatabase(store.url);
}

/** Where an embedded store is made, until it is whole and takes its place. */
export function makingFolderIn(dataDir: string): string {
  return join(dataDir, 'moving');
}

function openEmbeddedSource(config: Config): SourceEnd {
  const { dataDir } = config;
  const files = sqliteFilesIn(dataDir);
  if (!existsSync(files.store)) throw new AppError('data-dir-unusable', `${dataDir} holds no Earshot data.`);
  const data = openEmbeddedData(dataDir, { evenIfMoved: true });
  const reading = openSqliteCopySource(dataDir);
  return {
    copy: reading.source,
    marks: moveMarksIn(dataDir, randomUUID),
    journal: data.journal,
    recordings: data.recordings,
    project: projecting(config, data),
    close: async () => {
      reading.close();
      await data.close();
    },
  };
}

async function openDatabaseSource(config: Config, url: string): Promise<SourceEnd> {
  const { copy, store } = await openDatabase(url);
  return {
    copy: copy.source,
    marks: copy.marks,
    journal: store.journal,
    recordings: store.recordings,
    project: projecting(config, store),
    shared: store.shared,
    close: async () => {
      await store.close();
      await copy.close();
    },
  };
}

function openEmbeddedTarget(config: Config): TargetEnd {
  const copy = openSqliteCopy(makingFolderIn(config.dataDir));
  return {
    place: placeOf(config, 'embedded'),
    target: copy.target,
    copied: copy.copied,
    project: projecting(config, copy),
    close: () => {
      copy.close();
      return Promise.resolve();
    },
  };
}

async function openDatabaseTarget(config: Config, url: string): Promise<TargetEnd> {
  const { copy, store } = await openDatabase(url);
  return {
    place: placeOf(config, { url }),
    target: copy.target,
    copied: copy.source,
    project: projecting(config, store),
    shared: store.shared,
    close: async () => {
      await store.close();
      await copy.close();
    },
  };
}

/** The roles of a store without its `prepare`, which refuses what is half copied, or moved away. */
async function openDatabase(url: string) {
  const { openPostgresCopy } = await import('../../store/postgres/open-copy.js');
  const { openPostgresStore } = await import('../../store/postgres/open-postgres-store.js');
  const copy = await openPostgresCopy(url, randomUUID);
  return { copy, store: openPostgresStore({ url, connections: 4, applicationName: 'earshot move' }) };
}

function projecting(
  { timeZone }: Config,
  { journal, projection }: { journal: JournalReader; projection: Projection },
): () => Promise<number> {
  return async () => {
    const projector = new Projector({ journal, projection, toInstant: createVendorTime(timeZone) });
    while (await projector.step());
    return (await journal.cursors()).projector;
  };
}
