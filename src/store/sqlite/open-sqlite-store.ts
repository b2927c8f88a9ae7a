import { mkdirSync } from 'node:fs';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Store } from '../store.js';
import { StoreError } from '../store-error.js';
import { PortCaller } from './port-calls.js';
import { sqliteFilesIn } from './sqlite-files.js';
import { openStoreReader, openStoreWriter } from './store-file.js';
import type { StoreThreadData } from './store-thread.js';
import { inboxOver, readerRoles, writerRoles, type StorePorts } from './thread-roles.js';

export interface SqliteStore extends Store {
  /** Ports for one more thread. */
  ports(): StorePorts;
}

/**
 * Opens the embedded store: two files in `dataDir`, made and migrated where needed, each with a writer
 * thread of its own, a reader thread for queries and one that does the checkpoints.
 * @throws StoreError when a file cannot be opened or is newer than this version. Errors of a thread that
 * dies later reach every call that is open; `onDeath` hears of it once.
 */
export async function openSqliteStore(
  dataDir: string,
  onDeath: (error: Error) => void,
): Promise<SqliteStore> {
  mkdirSync(dataDir, { recursive: true });
  const files = sqliteFilesIn(dataDir);
  const idsBeyond = prepareStoreFile(files.store);
  const threads = [
    new Worker(new URL('./inbox-thread.js', import.meta.url), {
      workerData: { file: files.inbox, idsBeyond },
    }),
    new Worker(new URL('./store-thread.js', import.meta.url), {
      workerData: { file: files.store, writes: true } satisfies StoreThreadData,
    }),
    new Worker(new URL('./store-thread.js', import.meta.url), {
      workerData: { file: files.store, writes: false } satisfies StoreThreadData,
    }),
    new Worker(new URL('./checkpoint-thread.js', import.meta.url), {
      workerData: [
        { file: files.inbox, restartBytes: 32 * 1024 * 1024 },
        { file: files.store, restartBytes: 128 * 1024 * 1024 },
      ],
    }),
  ] as const;
  const [inboxThread, writerThread, readerThread, checkpointThread] = threads;
  const callers: PortCaller[] = [];
  let closing = false;
  for (const thread of threads) {
    thread.on('error', (error) => {
      for (const caller of callers) caller.fail(new StoreError('closed', error.message));
      if (!closing) onDeath(error);
    });
  }
  const connect = (thread: Worker): PortCaller => {
    const caller = new PortCaller(newPort(thread));
    callers.push(caller);
    return caller;
  };
  const inbox = connect(inboxThread);
  const writer = connect(writerThread);
  const reader = connect(readerThread);
  await inbox.call('inbox', 'open', []);

  return {
    inbox: inboxOver(inbox),
    ...writerRoles(writer),
    ...readerRoles(reader),
    ports: () => ({ files, inbox: newPort(inboxThread), writer: newPort(writerThread) }),
    close: async () => {
      closing = true;
      await checkpointThread.terminate();
      await Promise.allSettled([
        inbox.call('inbox', 'close', []),
        writer.call('file', 'close', []),
        reader.call('file', 'close', []),
      ]);
      for (const caller of callers) caller.fail();
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** Makes or migrates the store file here, so that what is wrong with it stops the start with its own words. */
function prepareStoreFile(file: string): number {
  openStoreWriter(file, () => 0).file.close();
  const reader = openStoreReader(file);
  try {
    return reader.journal.cursors().sorter;
  } finally {
    reader.file.close();
  }
}

function newPort(thread: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel();
  thread.postMessage({ port: port2 }, [port2]);
  return port1;
}
