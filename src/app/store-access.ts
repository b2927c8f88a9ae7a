import type { Transferable } from 'node:worker_threads';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CommonRoles } from '../store/common-roles.js';
import type { InboxReader, InboxWriter } from '../store/inbox.js';
import type { SharedRoles } from '../store/shared-roles.js';
import { openSpoolEnds, type SpoolPort } from '../store/sqlite/open-sqlite-spool.js';
import type { ReaderRoles, WriterRoles } from '../store/store.js';
import { openThreadRoles, type StorePorts } from '../store/sqlite/thread-roles.js';
import { StoreError, type StoreErrorKind } from '../store/store-error.js';

/** How a worker thread reaches the store: a value that travels in its `workerData`. */
export type StoreAccess =
  | { readonly kind: 'embedded'; readonly ports: StorePorts }
  | {
      readonly kind: 'postgres';
      /** A secret. */
      readonly url: string;
      readonly connections: number;
      readonly applicationName: string;
      /** Of the thread that drains it. */
      readonly spool?: SpoolPort;
    };

/** The roles that worker threads use. */
export interface ThreadStore extends WriterRoles, CommonRoles, ReaderRoles {
  readonly inbox: InboxWriter;
  readonly inboxReader: InboxReader;
  /** Where other processes may work on the store, too. */
  readonly shared?: SharedRoles;
  /** Where pushes wait for the database, of the thread that drains it. */
  readonly spool?: ReturnType<typeof openSpoolEnds>;
  close(): Promise<void> | void;
}

/** What must be transferred, and not copied, with an access. */
export function transferredWith(access: StoreAccess): Transferable[] {
  if (access.kind === 'embedded') return [access.ports.inbox, access.ports.writer];
  return access.spool ? [access.spool.writer] : [];
}

/**
 * Opens the roles of a thread. A database that cannot be reached is asked again until it can; nothing is open, and
 * the answer undefined, where `signal` aborts before.
 */
export async function openThreadStore(
  access: StoreAccess,
  signal: AbortSignal,
  log: Logger,
): Promise<ThreadStore | undefined> {
  if (access.kind === 'embedded') return openThreadRoles(access.ports);
  const { openPostgresStore } = await import('../store/postgres/open-postgres-store.js');
  const store = openPostgresStore(access);
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The database cannot be used yet; it is asked again.');
  };
  const spool = access.spool && openSpoolEnds(access.spool);
  const close = async (): Promise<void> => {
    spool?.close();
    await store.close();
  };
  if (await untilPrepared(store, onFailure, signal)) return { ...store, ...(spool ? { spool } : {}), close };
  await close();
  return undefined;
}

/** Between two attempts at a database that is away: it is noticed within a second that it is back. */
const againAfterMs = 1_000;

/**
 * Prepares a store, again and again until it succeeds. A failure is reported once for as long as it stays the same.
 * @returns false where `signal` aborted before.
 */
export async function untilPrepared(
  store: { prepare(): Promise<void> },
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let reported: string | undefined;
  while (!signal.aborted) {
    try {
      await store.prepare();
      return true;
    } catch (error) {
      if (isAborted(signal)) return false;
      const { message } = error as Error;
      if (message !== reported) onFailure(error);
      reported = message;
    }
    await wait(againAfterMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

const forPeople: ReadonlySet<StoreErrorKind> = new Set(['newer-schema', 'refused', 'moved', 'incomplete']);

/** Whether waiting helps: what a person must mend stops a start instead. */
export function mendsItself(error: unknown): boolean {
  return !(error instanceof StoreError && forPeople.has(error.kind));
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
