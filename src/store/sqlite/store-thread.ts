import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { serve } from './port-calls.js';
import { openStoreReader, openStoreWriter } from './store-file.js';

/**
 * Thread of the store file: with `writes`, its one writer; without, a reader. Operations run one after
 * another. Every port that arrives as a message is served.
 */
export interface StoreThreadData {
  readonly file: string;
  readonly writes: boolean;
}

if (!parentPort) throw new Error('store-thread runs as a worker thread only');
const { file, writes } = workerData as StoreThreadData;
const roles = writes ? openStoreWriter(file, () => Date.now()) : openStoreReader(file);
parentPort.on('message', ({ port }: { port: MessagePort }) => {
  serve(port, roles);
});
