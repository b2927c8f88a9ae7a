import { existsSync, mkdirSync } from 'node:fs';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Store } from '../store.js';
import { StoreError } from '../store-error.js';
import type { CheckpointThreadData } from './checkpoint-thread.js';
import { PortCaller } from './port-calls.js';
import { sqliteFilesIn, type SqliteFiles } from './sqlite-files.js';
import { openStoreReader } from './store-file.js';
import type { StoreThreadData } from './store-thread.js';
import { smallYoungGeneration } from './thread-memory.js';
import { stopThread } from './thread-stop.js';
import { inboxOver, readerRoles, writerRoles, type StorePorts } from './thread-roles.js';

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

/** The threads of one open store, and what is asked of them. */
class StoreThreads {
  isClosing = false;
  readonly #threads: Worker[] = [];
  readonly #callers: PortCaller[] = [];

  constructor(private readonly onDeath: (error: Error) => void) {}

  start(name: StoreThreadName, workerData: unknown, transferList: MessagePort[] = []): Worker {
    const thread = new Worker(threadFiles[name], {
      workerData,
      transferList,
      resourceLimits: smallYoungGeneration,
    });
    thread.on('error', (error: Error) => {
      this.#failAll(new StoreError('closed', error.message));
      if (!this.isClosing) this.onDeath(error);
    });
    this.#threads.push(thread);
    return thread;
  }

  connect(thread: Worker): PortCaller {
    return this.callerOf(newPort(thread));
  }

  callerOf(port: MessagePort): PortCaller {
    const caller = new PortCaller(port);
    this.#callers.push(caller);
    return caller;
  }

  refuseCalls(): void {
    this.isClosing = true;
    for (const caller of this.#callers) caller.refuse();
  }

  async end(): Promise<void> {
    this.isClosing = true;
    this.#failAll();
    await Promise.all(this.#threads.map(stopThread));
  }

  #failAll(error?: StoreError): void {
    for (const caller of this.#callers) caller.fail(error);
  }
}

const threadFiles = {
  'inbox-thread': new URL('./inbox-thread.js', import.meta.url),
  'store-thread': new URL('./store-thread.js', import.meta.url),
  'checkpoint-thread': new URL('./checkpoint-thread.js', import.meta.url),
};
type StoreThreadName = keyof typeof threadFiles;

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

function newPort(thread: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel();
  thread.postMessage({ port: port2 }, [port2]);
  return port1;
}
