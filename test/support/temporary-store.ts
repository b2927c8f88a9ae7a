import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectly } from '../../src/store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../../src/store/sqlite/sqlite-files.js';

/** An instant that nothing in a test is tied to: 2025-05-22 05:00 UTC, half an hour after the sample's call. */
export const testStart = Date.UTC(2025, 4, 22, 5);

/** The embedded store in a folder of its own, in this thread; `close` removes both. */
export function openTemporaryStore() {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-store-'));
  const files = sqliteFilesIn(folder);
  const store = openDirectly(files, () => testStart);
  return {
    ...store,
    files,
    folder,
    close: (): void => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TemporaryStore = ReturnType<typeof openTemporaryStore>;
