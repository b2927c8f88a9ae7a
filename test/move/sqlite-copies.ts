import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteCopy, openSqliteCopySource, type SqliteCopy } from '../../src/store/sqlite/open-copy.js';
import { openDirectly } from '../../src/store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../../src/store/sqlite/sqlite-files.js';
import type { StoreUnderTest } from '../conformance/store-under-test.js';
import { testStart } from '../support/temporary-store.js';

export interface SqliteUnderTest extends StoreUnderTest {
  readonly folder: string;
}

export function openSqlite(folder = mkdtempSync(join(tmpdir(), 'earshot-move-'))): SqliteUnderTest {
  const store = openDirectly(sqliteFilesIn(folder), () => testStart);
  return {
    ...store,
    folder,
    reopen: () => {
      store.close();
      return Promise.resolve(openSqlite(folder));
    },
    close: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

export const readSqlite = (folder: string) => openSqliteCopySource(folder);

/** A copy in a folder of its own. */
export function makeSqliteCopy(): SqliteCopy & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-copy-'));
  return { ...openSqliteCopy(folder), folder };
}
