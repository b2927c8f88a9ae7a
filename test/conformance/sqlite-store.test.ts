import { setImmediate as turn } from 'node:timers/promises';
import { openTemporaryStore } from '../support/temporary-store.js';
import { describeStore } from './describe-store.js';
import type { StoreUnderTest } from './store-under-test.js';

// In this thread: what is tested here is what runs inside the store's threads. That calls cross to them
// whole and unharmed is for open-sqlite-store.test.ts.
describeStore('SQLite', openHere, { histories: 60 });

async function openHere(): Promise<StoreUnderTest> {
  const store = openTemporaryStore();
  return {
    ...store,
    close: async () => {
      store.close();
      // What was collected is let go of between two turns of the event loop, and a store in this thread never waits for one.
      await turn();
    },
  };
}
