import type { MessagePort } from 'node:worker_threads';
import type { CommonRoles } from '../common-roles.js';
import type { InboxReader, InboxWriter } from '../inbox.js';
import type { AppendResult } from '../journal.js';
import type { ReaderRoles, WriterRoles } from '../store.js';
import { callsOn, commonRolesOver } from './common-roles.js';
import { InboxFileReader } from './inbox-reader.js';
import { packBatch } from './journal-table.js';
import { packChanges } from './packed-changes.js';
import { packPushes } from './packed-rows.js';
import { PortCaller } from './port-calls.js';
import type { SqliteFiles } from './sqlite-files.js';
import { openStoreReader, type StoreFileReader } from './store-file.js';

/** What a worker thread needs to take part in an open store; travels in its `workerData`. */
export interface StorePorts {
  readonly files: SqliteFiles;
  readonly inbox: MessagePort;
  readonly writer: MessagePort;
}

/** The roles of a worker thread: it reads by connections of its own, and writes through the one writer of each file. */
export interface ThreadRoles extends WriterRoles, CommonRoles, ReaderRoles {
  readonly inbox: InboxWriter;
  readonly inboxReader: InboxReader;
  readonly close: () => void;
}

export function openThreadRoles(ports: StorePorts): ThreadRoles {
  const inboxReader = new InboxFileReader(ports.files.inbox);
  const reader = openStoreReader(ports.files.store, 4 * 1024);
  const writer = new PortCaller(ports.writer);
  return {
    inbox: inboxOver(new PortCaller(ports.inbox)),
    inboxReader,
    ...directReaderRoles(reader),
    ...writerRoles(writer),
    ...commonRolesOver(callsOn(reader), writer),
    close: () => {
      ports.inbox.close();
      ports.writer.close();
      inboxReader.close();
      reader.file.close();
    },
  };
}

export function inboxOver(caller: PortCaller): InboxWriter {
  const remote = caller.role<InboxWriter>('inbox');
  return {
    append: async (pushes) => {
      const packed = packPushes(pushes);
      await caller.call('inbox', 'append', [packed], [packed.bodies.buffer]);
    },
    discard: (request) => remote.discard(request),
    discardOf: (request) => remote.discardOf(request),
    probe: () => remote.probe(),
  };
}

export function writerRoles(caller: PortCaller): WriterRoles {
  return {
    journalWriter: {
      append: async (batch) =>
        (await caller.call('journal', 'appendPacked', [packBatch(batch)])) as AppendResult,
      noteErasure: async (source, now) => {
        await caller.call('journal', 'noteErasure', [source, now]);
      },
    },
    projection: {
      apply: async (changes, cursor) => {
        await caller.call('projection', 'applyPacked', [packChanges(changes), cursor]);
      },
    },
    publishing: caller.role('publishing'),
  };
}

export function readerRoles(caller: PortCaller): ReaderRoles {
  return {
    journal: caller.role('journal'),
    calls: caller.role('calls'),
    recordings: caller.role('recordings'),
  };
}

/** The same roles over the file itself, for a command that runs beside the server or without it. */
export function directReaderRoles(reader: StoreFileReader): ReaderRoles {
  return {
    journal: asynchronous(reader.journal),
    calls: asynchronous(reader.calls),
    recordings: asynchronous(reader.recordings),
  };
}

/** A role whose methods answer at once, as the role that promises. */
export function asynchronous<T extends object>(role: object): T {
  return new Proxy(role, {
    get: (target, method) => {
      const operation = Reflect.get(target, method) as unknown;
      if (typeof operation !== 'function') return operation;

      return async (...args: unknown[]): Promise<unknown> =>
        (operation as (...args: unknown[]) => unknown).apply(target, args);
    },
  }) as T;
}
