import { parentPort, workerData } from 'node:worker_threads';
import { type Roles, serve } from './port-calls.js';
import { openStoreReader, openStoreWriter } from './store-file.js';
import { untilStopped, yieldToIntake } from './threads.js';

/**
 * Thread of the store file: with `writes`, its one writer; without, a reader. Operations run one after
 * another. Every port that arrives as a message is served. What is wrong with the file is the answer to
 * `file.open`, so that whoever started the thread hears of it in its own words.
 */
export interface StoreThreadData {
  readonly file: string;
  readonly writes: boolean;
}

if (!parentPort) throw new Error('store-thread runs as a worker thread only');
yieldToIntake();
const roles = openRoles(workerData as StoreThreadData);
untilStopped(
  parentPort,
  () => undefined,
  (port) => {
    serve(port, roles);
  },
);

function openRoles({ file, writes }: StoreThreadData): Roles {
  try {
    return writes ? openStoreWriter(file) : openStoreReader(file);
  } catch (error) {
    const open = (): never => {
      throw error;
    };
    return { file: { open } };
  }
}
