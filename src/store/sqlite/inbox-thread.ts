import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { InboxFileWriter, type InboxFile } from './inbox-writer.js';
import { serve } from './port-calls.js';

/** Thread of the inbox's one writer: nothing else runs here, so nothing else can hold up an acknowledgement. */
if (!parentPort) throw new Error('inbox-thread runs as a worker thread only');
const inbox = new InboxFileWriter(workerData as InboxFile, () => Date.now());
parentPort.on('message', ({ port }: { port: MessagePort }) => {
  serve(port, { inbox, file: inbox });
});
