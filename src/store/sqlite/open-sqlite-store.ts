import { existsSync, mkdirSync } from 'node:fs';
import { MessageChannel, type Worker } from 'node:worker_threads';
import type { Store } from '../store.js';
import type { CheckpointThreadData } from './checkpoint-thread.js';
import { commonRolesOver } from './common-roles.js';
import { type SqliteFiles, sqliteFilesIn } from './sqlite-files.js';
import { openStoreReader } from './store-file.js';
import type { StoreThreadData } from './store-thread.js';
import { newPort, StoreThreads } from './store-threads.js';
import { inboxOver, readerRoles, type StorePorts, writerRoles } from './thread-roles.js';
import { stopThread } from './threads.js';

export interface SqliteStore extends Store {
  /** Resolves once the store file is open and migrated, rejects where it cannot be; the inbox does not wait for it. */
  readonly ready: Promise<void>;
  /** Ports for one more thread. */
  ports(): StorePorts;
}

/**
 * Opens the embedded store: two files in `dataDir`, made and migrated where needed, each with a writer
 * thread of its own, a reader thread for queries and one that does the checkpoints. Resolves as soon as the
 * inbox takes pushes; until `ready`, calls to everything else wait.
 * @throws StoreError when the inbox cannot be opened or is newer than this version. Errors of a thread that
 * dies later reach every call that is open; `onDeath` hears of it once.
 */
export async function openSqliteStore(
  dataDir: string,
  onDeath: (error: Error) => void,
): Promise<SqliteStore> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const files = sqliteFilesIn(dataDir);
  const threads = new StoreThreads(onDeath);
  const inboxThread = threads.start('inbox-thread', { file: files.inbox, idsBeyond: cursorOf(files) });
  const writerThread = threads.start('store-thread', {
    file: files.store,
    writes: true,
  } satisfies StoreThreadData);
  const inbox = threads.connect(inboxThread);
  const writer = threads.connect(writerThread);
  const readerPorts = new MessageChannel();
  const reader = threads.callerOf(readerPorts.port1);

  const openRest = async (): Promise<Worker> => {
    await writer.call('file', 'open', []);
    const readerThread = threads.start('store-thread', {
      file: files.store,
      writes: false,
    } satisfies StoreThreadData);
    readerThread.postMessage({ port: readerPorts.port2 }, [readerPorts.port2]);
    const logs = [
      { file: files.inbox, finishBytes: 32 * 1024 * 1024, writer: newPort(inboxThread) },
      { file: files.store, finishBytes: 128 * 1024 * 1024, writer: newPort(writerThread) },
    ];
    return threads.start(
      'checkpoint-thread',
      { logs } satisfies CheckpointThreadData,
      logs.map((log) => log.writer),
    );
  };
  try {
    await inbox.call('inbox', 'open', []);
  } catch (error) {
    await threads.end();
    throw error;
  }
  const checkpointThread = openRest();
  return {
    ready: toReady(checkpointThread),
    inbox: inboxOver(inbox),
    ...writerRoles(writer),
    ...readerRoles(reader),
    ...commonRolesOver(reader, writer),
    ports: () => ({ files, inbox: newPort(inboxThread), writer: newPort(writerThread) }),
    close: async () => {
      threads.refuseCalls();
      const isOpen = await checkpointThread.then(
        async (thread) => {
          // First: the last connection to close finds nothing in its way and empties the log.
          await stopThread(thread);
          return true;
        },
        () => false,
      );
      const open = isOpen ? [inbox, reader, writer] : [inbox];
      for (const caller of open) await caller.callLast('file', 'close').catch(() => undefined);
      await threads.end();
    },
  };
}

function toReady(opened: Promise<unknown>): Promise<void> {
  const ready = opened.then(() => undefined);
  // Whoever waits for it hears of a failure; nobody has to.
  ready.catch(() => undefined);
  return ready;
}

/**
 * Where the sorter stands: ids of the inbox go on beyond it, or pushes would count as sorted before they were.
 * What is wrong with the store file is told by whoever needs it; the inbox does not.
 */
function cursorOf({ store }: SqliteFiles): number {
  if (!existsSync(store)) return 0;
  try {
    const reader = openStoreReader(store);
    try {
      return reader.journal.cursors().sorter;
    } finally {
      reader.file.close();
    }
  } catch {
    return 0;
  }
}
