import { StoreError, type StoreErrorKind } from '../store-error.js';

/**
 * What is done about an error of PostgreSQL, by its SQLSTATE (appendix A of its manual), the longest prefix first.
 * `again`: the transaction was undone for the sake of another, and is repeated at once. `away`: this server cannot
 * serve us now; the connection is dropped, so that the next one finds the server, or its successor, anew.
 */
const reactions: Readonly<
  Record<string, { readonly kind: StoreErrorKind; readonly then?: 'again' | 'away' }>
> = {
  '08': { kind: 'unreachable', then: 'away' }, // connection exception
  '25006': { kind: 'unreachable', then: 'away' }, // read-only: it became a standby
  '25P03': { kind: 'unreachable', then: 'away' }, // idle in transaction for too long: we were paused
  '28': { kind: 'refused', then: 'away' }, // user or password
  '3D000': { kind: 'refused', then: 'away' }, // no such database
  '40001': { kind: 'busy', then: 'again' }, // serialization failure
  '40P01': { kind: 'busy', then: 'again' }, // deadlock
  '53100': { kind: 'full' }, // disk full
  '53200': { kind: 'busy', then: 'away' }, // out of memory
  '53300': { kind: 'unreachable', then: 'away' }, // too many connections
  '55P03': { kind: 'busy', then: 'again' }, // a lock was not to be had in time
  '57014': { kind: 'busy' }, // cancelled: it took too long
  '57P': { kind: 'unreachable', then: 'away' }, // shut down, crashed, starting up, dropped
  '58': { kind: 'io', then: 'away' }, // an error of the system below it
  XX001: { kind: 'corrupt' },
  XX002: { kind: 'corrupt' },
};

/** Codes of sockets and resolvers. What else fails without a SQLSTATE is `pg` saying that a connection is gone. */
const socketCodes = /^(E[A-Z]+|ERR_[A-Z_]+)$/;

export interface DatabaseFailure {
  readonly error: StoreError;
  readonly then?: 'again' | 'away';
}

/** What an error that `pg` threw means. Our own errors pass through. */
export function classifyDatabaseError(error: unknown, server: string): DatabaseFailure {
  if (error instanceof StoreError) return { error };
  const { code = '', message } = error as { code?: string; message: string };
  for (let length = 5; /^[0-9A-Z]{5}$/.test(code) && length >= 2; length--) {
    const reaction = reactions[code.slice(0, length)];
    if (reaction) {
      const { kind, then } = reaction;
      const told = new StoreError(kind, `PostgreSQL at ${server}: ${message} (${code})`);
      return { error: told, ...(then ? { then } : {}) };
    }
  }
  const isLost = socketCodes.test(code) || /terminat|timeout|closed|connection/i.test(message);
  if (isLost && !/^[0-9A-Z]{5}$/.test(code)) {
    const detail = message === '' ? code : message;
    return {
      error: new StoreError('unreachable', `PostgreSQL at ${server} cannot be reached: ${detail}`),
      then: 'away',
    };
  }
  return {
    error: new StoreError('other', `PostgreSQL at ${server}: ${message}${code === '' ? '' : ` (${code})`}`),
  };
}

/** PostgreSQL undid it for the sake of another, or it has not begun: it may be repeated at once. */
export class Repeatable extends Error {
  constructor(
    override readonly cause: StoreError,
    /** Whether a connection of before would only say the same again. */
    readonly needsNewConnection = false,
  ) {
    super(cause.message);
  }
}

/**
 * What says that a statement is not known on its connection as it was prepared. Undefined: something else is wrong.
 * `pooler`: it has handed us the session of another. `schema`: a newer process beside us has changed what it returns.
 */
export function forgottenBy(error: unknown): 'pooler' | 'schema' | undefined {
  const { code, message = '' } = error as { code?: string; message?: string };
  // invalid_sql_statement_name, duplicate_prepared_statement
  if (code === '26000' || code === '42P05') return 'pooler';
  // feature_not_supported, which is said in English where the server speaks it; its routine has no translation.
  const { routine } = error as { routine?: string };
  return code === '0A000' && (routine === 'RevalidateCachedQuery' || /cached plan/.test(message))
    ? 'schema'
    : undefined;
}

const attempts = 5;

/** Runs `work` anew as long as it says that it may be, a few times; then its cause is thrown. */
export async function repeating<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Repeatable)) throw error;
      if (attempt >= attempts) throw error.cause;
    }
  }
}
