import { parentPort, workerData } from 'node:worker_threads';
import { type InboxFile, InboxFileWriter } from './inbox-writer.js';
import { serve } from './port-calls.js';
import { untilStopped } from './threads.js';

/** Thread of the inbox's one writer: nothing else runs here, so nothing else can hold up an acknowledgement. */
if (!parentPort) throw new Error('inbox-thread runs as a worker thread only');
const inbox = new InboxFileWriter(workerData as InboxFile, () => Date.now());
untilStopped(
  parentPort,
  () => {
    inbox.close();
  },
  (port) => {
    serve(port, { inbox, file: inbox });
  },
);
