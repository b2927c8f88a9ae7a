import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openDirectly } from '../../src/store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../../src/store/sqlite/sqlite-files.js';
import { rounds } from '../support/test-run.js';
import { testStart } from '../support/temporary-store.js';
import { describeStore } from './describe-store.js';
import type { StoreUnderTest } from './store-under-test.js';

// In this thread: what is tested here is what runs inside the store's threads. That calls cross to them
// whole and unharmed is for open-sqlite-store.test.ts.
describeStore('SQLite', openHere, { histories: rounds(12, 60) });

function openHere(): Promise<StoreUnderTest> {
  return Promise.resolve(openIn(mkdtempSync(join(tmpdir(), 'earshot-store-'))));
}

function openIn(folder: string): StoreUnderTest {
  const store = openDirectly(sqliteFilesIn(folder), () => testStart);
  const close = async (): Promise<void> => {
    store.close();
    // What was collected is let go of between two turns of the event loop, and a store in this thread never waits for one.
    await turn();
  };
  return {
    ...store,
    reopen: async () => {
      await close();
      return openIn(folder);
    },
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
