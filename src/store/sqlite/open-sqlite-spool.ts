import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { InboxReader, Spool, SpoolBounds } from '../inbox.js';
import type { CheckpointThreadData } from './checkpoint-thread.js';
import { InboxFileReader } from './inbox-reader.js';
import type { InboxFile } from './inbox-writer.js';
import { PortCaller } from './port-calls.js';
import { newPort, StoreThreads } from './store-threads.js';
import { inboxOver } from './thread-roles.js';
import { stopThread } from './threads.js';

/**
 * Apart from the embedded store's inbox: what lies there was sorted into another store, or is going to be, and a
 * folder may be used with either.
 */
export function spoolFileIn(dataDir: string): string {
  return join(dataDir, 'spool.db');
}

/** What a worker thread needs to drain a spool; travels in its `workerData`, the port in its `transferList`. */
export interface SpoolPort {
  readonly file: string;
  readonly writer: MessagePort;
}

export interface OpenSpool {
  readonly spool: Spool;
  /** For one more thread. */
  port(): SpoolPort;
  /** Waits for what is under way, then closes; later calls fail with `closed`. */
  close(): Promise<void>;
}

/**
 * Opens a file of pushes alone, made where there is none: one writer thread, as the embedded store's inbox has it,
 * and one for its checkpoints. Resolves once it takes pushes.
 * @throws StoreError when the file cannot be opened or is newer than this version.
 */
export async function openSqliteSpool(
  file: string,
  bounds: SpoolBounds,
  onDeath: (error: Error) => void,
): Promise<OpenSpool> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const threads = new StoreThreads(onDeath);
  const writerThread = threads.start('inbox-thread', { file, idsBeyond: 0, bounds } satisfies InboxFile);
  const writer = threads.connect(writerThread);
  try {
    await writer.call('inbox', 'open', []);
  } catch (error) {
    await threads.end();
    throw error;
  }
  const logWriter = newPort(writerThread);
  const checkpointThread = threads.start(
    'checkpoint-thread',
    {
      logs: [{ file, finishBytes: 32 * 1024 * 1024, writer: logWriter }],
    } satisfies CheckpointThreadData,
    [logWriter],
  );
  return {
    spool: spoolOver(writer),
    port: () => ({ file, writer: newPort(writerThread) }),
    close: async () => {
      threads.refuseCalls();
      await stopThread(checkpointThread);
      await writer.callLast('file', 'close').catch(() => undefined);
      await threads.end();
    },
  };
}

/** The two ends of a spool in a worker thread: it reads by a connection of its own, and deletes through the one writer. */
export interface SpoolEnds {
  readonly reader: Pick<InboxReader, 'read'>;
  readonly spool: Spool;
  readonly close: () => void;
}

export function openSpoolEnds({ file, writer }: SpoolPort): SpoolEnds {
  const reader = new InboxFileReader(file);
  return {
    reader,
    spool: spoolOver(new PortCaller(writer)),
    close: () => {
      writer.close();
      reader.close();
    },
  };
}

function spoolOver(caller: PortCaller): Spool {
  const inbox = inboxOver(caller);
  const remote = caller.role<Spool>('inbox');
  return {
    append: (pushes) => inbox.append(pushes),
    probe: () => inbox.probe(),
    remove: (first, last) => remote.remove(first, last),
    usage: () => remote.usage(),
  };
}
