import type { Row } from '../rows/row.js';

export type { Row };

export interface Result {
  readonly rows: Row[];
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
}

export interface Transaction {
  /** One statement, prepared once for each connection. */
  readonly run: (sql: string, values?: readonly unknown[]) => Promise<Result>;
}

export interface TransactionOptions {
  /** Need not be durable when it returns: whoever holds a lease loses it together with the power. */
  readonly isBrief?: boolean;
  /** Taken before anything else and held to the end: see `journalLock`. Appending looks up identities, as with `looksUp`. */
  readonly locksJournal?: boolean;
  /** Its statements look up rows of large tables by an index: see `lookUpPlans`. */
  readonly looksUp?: boolean;
  /** Each statement of it may take this long, where some of them read whole tables. */
  readonly answerWithinMs?: number;
}

/**
 * Whoever appends to the journal holds this lock until it has committed, so `seq` grows in the order of commits and
 * what a reader has seen is a prefix that nothing is inserted into later.
 */
const journalLock = 0x45_61_72_01;

/**
 * A plan that was made while a table was small reads all of it, and is kept until the table's statistics are gathered
 * anew: in the first minute of a burst that is thousands of look-ups, each through all that has come so far. And for a
 * page that is found after a few rows, workers are started that read on to the end.
 */
export const lookUpPlans =
  ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
    .map((way) => `; SET LOCAL enable_${way} = off`)
    .join('') + '; SET LOCAL max_parallel_workers_per_gather = 0';

/** Longest that a transaction of ours may stand still: a paused process must not hold its locks. */
const idleInTransactionMs = 5_000;
/** A lock that is not to be had by then is somebody's mistake: the transaction is repeated, then given up. */
const lockWithinMs = 8_000;

/** Compiling a statement of ours costs a hundred times what it saves; plans without their cheapest way look expensive enough for it. */
const neverCompiled = '; SET LOCAL jit = off';

/** Everything that a transaction begins with, in one round trip; nothing of it outlives the transaction. */
export function beginSql({ isBrief, locksJournal, looksUp }: TransactionOptions): string {
  return (
    `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${idleInTransactionMs}; SET LOCAL lock_timeout = ${lockWithinMs}` +
    neverCompiled +
    (isBrief ? '; SET LOCAL synchronous_commit TO off' : '') +
    (looksUp || locksJournal ? lookUpPlans : '') +
    (locksJournal ? `; SELECT pg_advisory_xact_lock(${journalLock})` : '')
  );
}

/** Undone because its user threw; the connection is as good as before. */
export class Undone extends Error {
  constructor(override readonly cause: unknown) {
    super('undone');
  }
}

/** The statements of one transaction: what fails among them is the database's failure, anything else its user's. */
export class TransactionStatements {
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly runOne: Transaction['run']) {}

  /** @throws what a statement failed with, even where `work` has overlooked it; `Undone` for what `work` throws itself. */
  async within<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work({ run: (sql, values) => this.#run(sql, values) });
    } catch (error) {
      throw this.#failure ? this.#failure.error : new Undone(error);
    }
    if (this.#failure) throw this.#failure.error;
    return result;
  }

  async #run(sql: string, values?: readonly unknown[]): Promise<Result> {
    try {
      return await this.runOne(sql, values);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }
}
