import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CopySource, CopyTarget, MoveMarks } from '../copying.js';
import type { JournalReader } from '../journal.js';
import type { Projection } from '../projection.js';
import { StoreError } from '../store-error.js';
import { Connection } from './connection.js';
import { SqliteCopySource } from './copy-source.js';
import { SqliteCopyTarget } from './copy-target.js';
import { migrateInbox } from './inbox-writer.js';
import { JournalTableReader } from './journal-reader.js';
import { MoveMarksFile } from './move-marks.js';
import { ProjectionTable } from './projection-table.js';
import { sqliteFilesIn } from './sqlite-files.js';
import { migrateStore } from './store-schema.js';
import { asynchronous } from './thread-roles.js';

const cacheKiB = 16 * 1024;

/** The note beside the files of an embedded store; see move-marks.ts. */
export function moveMarksIn(dataDir: string, newIdentity: () => string): MoveMarks {
  return asynchronous<MoveMarks>(marksOf(dataDir, newIdentity, () => false));
}

/** Where the data of the embedded store in a folder is now; undefined while it is there. */
export function readMovedTo(dataDir: string): string | undefined {
  return marksOf(
    dataDir,
    () => '',
    () => false,
  ).movedTo();
}

/** Whether what lies in a folder is a copy that is whole. */
export function isCopyFinished(folder: string): boolean {
  return marksOf(
    folder,
    () => '',
    () => false,
  ).isCopyFinished();
}

/** Reads the store of a data folder beside the server that works on it. */
export function openSqliteCopySource(dataDir: string): { source: CopySource; close(): void } {
  const files = sqliteFilesIn(dataDir);
  const options = { readOnly: true, busyTimeoutMs: 10_000, cacheKiB };
  const store = new Connection(files.store, options);
  const inbox = new Connection(files.inbox, options);
  return {
    source: asynchronous<CopySource>(new SqliteCopySource(store, inbox)),
    close: () => {
      inbox.close();
      store.close();
    },
  };
}

export interface SqliteCopy {
  readonly target: CopyTarget;
  /** What is there so far. */
  readonly copied: CopySource;
  readonly journal: JournalReader;
  readonly projection: Projection;
  /** Closes both files, whole: nothing of them is in a log beside them. */
  close(): void;
}

/** A store in the making, in a folder of its own; made where it is missing. */
export function openSqliteCopy(folder: string): SqliteCopy {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = sqliteFilesIn(folder);
  const options = { busyTimeoutMs: 10_000, cacheKiB: 4 * cacheKiB };
  const store = new Connection(files.store, options);
  const inbox = new Connection(files.inbox, options);
  const open = [inbox, store];
  migrateStore(store);
  migrateInbox(inbox, 0);
  const journal = new JournalTableReader(store);
  const isEmpty = (): boolean =>
    journal.lastSeq() === 0 && inbox.prepare('SELECT 1 FROM pushes LIMIT 1').get() === undefined;
  const marks = marksOf(folder, () => '', isEmpty);
  return {
    target: asynchronous<CopyTarget>(new SqliteCopyTarget(store, inbox, marks)),
    copied: asynchronous<CopySource>(new SqliteCopySource(store, inbox)),
    journal: asynchronous<JournalReader>(journal),
    projection: asynchronous<Projection>(new ProjectionTable(store)),
    close: () => {
      for (const file of open.splice(0)) {
        foldLog(file);
        file.close();
      }
    },
  };
}

/**
 * Puts everything into the one file. Closing does that only once nothing of the connection is referred to any more,
 * and that is for the garbage collector to find: whoever moves the file away before would leave the log behind. Where
 * somebody else has the file open the log stays, and can be seen to.
 */
function foldLog(connection: Connection): void {
  try {
    connection.prepare('PRAGMA journal_mode = DELETE').get();
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === 'busy')) throw error;
  }
}

function marksOf(folder: string, newIdentity: () => string, isEmpty: () => boolean): MoveMarksFile {
  return new MoveMarksFile(join(folder, 'move.json'), { newIdentity, isEmpty });
}
