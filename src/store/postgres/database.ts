import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Row } from '../rows/row.js';
import { StoreError } from '../store-error.js';
import { columnTypes, toParameters } from './column-values.js';
import { parseDatabaseUrl, type DatabaseHost } from './database-url.js';
import { greet, toBetterReading, type ClockReading } from './greeting.js';
import { classifyDatabaseError, type DatabaseFailure } from './sqlstates.js';

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

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. They are opened when they are needed. */
  readonly connections: number;
  /** What does not answer within this time counts as gone, and its connection is dropped. */
  readonly answerWithinMs?: number;
  /** Shown by PostgreSQL in `pg_stat_activity`. */
  readonly applicationName?: string;
}

export interface TransactionOptions {
  /** Need not be durable when it returns: whoever holds a lease loses it together with the power. */
  readonly isBrief?: boolean;
  /** Taken before anything else and held to the end: see `journalLock`. */
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
 * anew: in the first minute of a burst that is thousands of look-ups, each through all that has come so far.
 */
const lookUpPlans = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
  .map((way) => `; SET LOCAL enable_${way} = off`)
  .join('');

/** Longest that a transaction of ours may stand still: a paused process must not hold its locks. */
const idleInTransactionMs = 5_000;
/** A lock that is not to be had by then is somebody's mistake: the transaction is repeated, then given up. */
const lockWithinMs = 8_000;
const defaultAnswerWithinMs = 15_000;
const connectWithinMs = 5_000;
/** New ones find the server that is right by then, and read its clock. */
const maxLifetimeSeconds = 900;
const attempts = 5;

/**
 * Connections to one PostgreSQL, or to the one of several that takes writes. Statements are prepared by name; where a
 * pooler between us and the server does not know them (PgBouncer before 1.21, or without max_prepared_statements),
 * names are given up for good after the first refusal. Nothing is set per session, so that sessions may be shared.
 */
export class Database {
  readonly #pool: pg.Pool;
  readonly #hosts: readonly DatabaseHost[];
  readonly #answerWithinMs: number;
  #host = 0;
  #preparesByName = true;
  #clock: ClockReading | undefined;
  #isClosed = false;

  constructor({
    url,
    connections,
    answerWithinMs = defaultAnswerWithinMs,
    applicationName = 'earshot',
  }: DatabaseOptions) {
    this.#hosts = parseDatabaseUrl(url);
    this.#answerWithinMs = answerWithinMs;
    const current = (): DatabaseHost => this.#current();
    // The pool makes its clients itself: each takes the host that is current by then.
    const Client = class extends pg.Client {
      constructor() {
        super({
          connectionString: current().connectionString,
          application_name: applicationName,
          keepAlive: true,
          types: columnTypes,
        });
      }
    };
    this.#pool = new pg.Pool({
      Client,
      max: connections,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds,
      connectionTimeoutMillis: connectWithinMs,
      onConnect: async (client: pg.ClientBase) => {
        this.#clock = toBetterReading(this.#clock, await greet(client));
      },
    } as pg.PoolConfig);
    // A connection that breaks while idle has left the pool by then; whoever asks next gets another.
    this.#pool.on('error', () => undefined);
  }

  /** `host:port` of the server that is asked now. */
  get server(): string {
    return this.#current().name;
  }

  /** The server's time, ms: leases of many machines are measured by one clock. Undefined before the first connection. */
  get serverTime(): number | undefined {
    return this.#clock && this.#clock.serverAt + (performance.now() - this.#clock.readAt);
  }

  /** One statement, committed by itself. */
  async run(sql: string, values: readonly unknown[] = [], withinMs = this.#answerWithinMs): Promise<Result> {
    return await repeating(() =>
      this.#borrowed((client) => this.#run(client, sql, values, withinMs), withinMs),
    );
  }

  /** Statements without parameters, separated by semicolons, in one round trip. Returns the last one's rows. */
  async script(sql: string): Promise<Row[]> {
    return await repeating(() =>
      this.#borrowed(async (client) => {
        const results = (await this.#answer(client, client.query(sql), this.#answerWithinMs)) as unknown;
        const last = (Array.isArray(results) ? results.at(-1) : results) as pg.QueryResult<Row> | undefined;
        return last?.rows ?? [];
      }, this.#answerWithinMs),
    );
  }

  /**
   * Atomic. Repeated from its beginning where PostgreSQL undid it for the sake of another, so `work` keeps nothing of
   * an earlier run. Rejects with StoreError; what `work` throws undoes it and passes through.
   */
  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return await repeating(() =>
      this.#borrowed((client) => this.#transact(client, work, options), this.#answerWithinMs),
    );
  }

  /** A connection of one's own until `signal` aborts, for LISTEN; rejects when it breaks. */
  async listen(channel: string, onMessage: (payload: string) => void, signal: AbortSignal): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#current().connectionString,
      keepAlive: true,
      types: columnTypes,
    });
    const over = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', resolve);
    });
    over.catch(() => undefined);
    client.on('notification', ({ payload = '' }) => {
      onMessage(payload);
    });
    const leave = (): void => void client.end().catch(() => undefined);
    try {
      await this.#answer(client, client.connect(), connectWithinMs);
      signal.addEventListener('abort', leave);
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      if (signal.aborted) leave();
      await over;
    } catch (error) {
      throw this.#toFailure(error).error;
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool.end();
  }

  #current(): DatabaseHost {
    const host = this.#hosts[this.#host % this.#hosts.length];
    if (!host) throw new Error('a database URL names a host');
    return host;
  }

  async #borrowed<T>(work: (client: pg.PoolClient) => Promise<T>, withinMs: number): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed.');
    let client: pg.PoolClient;
    try {
      client = await this.#connect(withinMs);
    } catch (error) {
      const host = this.#host;
      const failure = this.#toFailure(error);
      // The next one asks the next server, unless somebody else has moved on already.
      if (failure.then === 'away' && this.#host === host) this.#host = (host + 1) % this.#hosts.length;
      throw failure.error;
    }
    let isBroken = false;
    try {
      return await work(client);
    } catch (error) {
      if (error instanceof Repeatable) throw error;
      if (error instanceof Undone) throw error.cause;
      const failure = this.#toFailure(error);
      if (failure.then === 'again') throw new Repeatable(failure.error);
      isBroken = isGone(failure);
      throw failure.error;
    } finally {
      if (isBroken) cutOff(client);
      client.release(isBroken);
    }
  }

  #toFailure(error: unknown): DatabaseFailure {
    return classifyDatabaseError(error, this.server);
  }

  async #connect(withinMs: number): Promise<pg.PoolClient> {
    const connecting = this.#pool.connect();
    return await within(connecting, withinMs, () => {
      // It may come all the same, later: then it is nobody's.
      connecting.then(
        (client) => {
          client.release();
        },
        () => undefined,
      );
    });
  }

  async #transact<T>(
    client: pg.PoolClient,
    work: (transaction: Transaction) => Promise<T>,
    {
      isBrief = false,
      locksJournal = false,
      looksUp = false,
      answerWithinMs = this.#answerWithinMs,
    }: TransactionOptions,
  ): Promise<T> {
    const begin =
      `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${idleInTransactionMs}; SET LOCAL lock_timeout = ${lockWithinMs}` +
      (isBrief ? '; SET LOCAL synchronous_commit TO off' : '') +
      (looksUp ? lookUpPlans : '') +
      (locksJournal ? `; SELECT pg_advisory_xact_lock(${journalLock})` : '');
    const say = (sql: string): Promise<unknown> =>
      this.#answer(client, client.query(sql), answerWithinMs);
    try {
      await say(begin);
      let result: T;
      try {
        result = await work({
          run: (sql, values = []) => this.#run(client, sql, values, answerWithinMs),
        });
      } catch (error) {
        if (isOfDatabase(error)) throw error;
        // Not the database's failure: undone, and the caller's to see.
        await say('ROLLBACK');
        throw new Undone(error);
      }
      await say('COMMIT');
      return result;
    } catch (error) {
      if (error instanceof Undone) throw error;
      if (error instanceof Repeatable || !isGone(this.#toFailure(error))) await say('ROLLBACK');
      throw error;
    }
  }

  async #run(
    client: pg.ClientBase,
    sql: string,
    values: readonly unknown[],
    withinMs: number,
  ): Promise<Result> {
    try {
      const query = {
        text: sql,
        values: toParameters(values),
        ...(this.#preparesByName ? { name: nameOf(sql) } : {}),
      };
      const { rows, rowCount } = await this.#answer(client, client.query<Row>(query), withinMs);
      return { rows, changes: rowCount ?? 0 };
    } catch (error) {
      const { code } = error as { code?: string };
      // invalid_sql_statement_name, duplicate_prepared_statement: a pooler handed us another's session.
      if (!this.#preparesByName || (code !== '26000' && code !== '42P05')) throw error;
      this.#preparesByName = false;
      throw new Repeatable(
        new StoreError('busy', 'The pooler before PostgreSQL does not know our prepared statements.'),
      );
    }
  }

  /** The answer, or, once it is late, an error that ends the connection. */
  async #answer<T>(client: pg.ClientBase, answer: Promise<T>, withinMs: number): Promise<T> {
    return await within(answer, withinMs, () => {
      answer.catch(() => undefined);
      cutOff(client);
    });
  }
}

/** PostgreSQL undid it for the sake of another, or it has not begun: it may be repeated at once. */
class Repeatable extends Error {
  constructor(override readonly cause: StoreError) {
    super(cause.message);
  }
}

/** Undone because `work` threw; the connection is as good as before. */
class Undone extends Error {
  constructor(override readonly cause: unknown) {
    super('undone');
  }
}

async function repeating<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Repeatable)) throw error;
      if (attempt >= attempts) throw error.cause;
    }
  }
}

/** Thrown by `pg`, a socket or this file, and not by whoever uses the transaction. */
function isOfDatabase(error: unknown): boolean {
  if (error instanceof pg.DatabaseError || error instanceof StoreError || error instanceof Repeatable)
    return true;
  return (
    error instanceof Error &&
    ('code' in error || /Connection terminated|Client has encountered/.test(error.message))
  );
}

function isGone({ error, then }: DatabaseFailure): boolean {
  return then === 'away' || error.kind === 'unreachable';
}

async function within<T>(answer: Promise<T>, ms: number, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new StoreError('unreachable', `PostgreSQL did not answer within ${ms} ms.`));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A peer that swallows everything would keep a polite goodbye waiting for ever. */
function cutOff(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}

const names = new Map<string, string>();

/** The text is the name: two versions of Earshot that share a session never mean different statements by one. */
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `earshot_${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`;
    names.set(sql, name);
  }
  return name;
}
