import pg from 'pg';
import { StoreError } from '../store-error.js';
import { columnTypes, nameOf, toParameters } from './column-values.js';
import {
  answerOf,
  type ClockReading,
  cutOff,
  greet,
  IdleTrust,
  type Listening,
  listenOn,
  toBetterReading,
  within,
} from './connections.js';
import { type DatabaseHost, parseDatabaseUrl } from './database-url.js';
import {
  classifyDatabaseError,
  type DatabaseFailure,
  forgottenBy,
  Repeatable,
  repeating,
} from './failures.js';
import {
  beginSql,
  type Result,
  type Row,
  type Transaction,
  type TransactionOptions,
  TransactionStatements,
  Undone,
} from './transactions.js';

export type { Result, Row, Transaction, TransactionOptions };

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. They are opened when they are needed. */
  readonly connections: number;
  /** What does not answer within this time counts as gone, and its connection is dropped. */
  readonly answerWithinMs?: number;
  /** Shown by PostgreSQL in `pg_stat_activity`. */
  readonly applicationName?: string;
}

const defaultAnswerWithinMs = 15_000;
const longestConnectMs = 5_000;
/** New ones find the server that is right by then, and read its clock. */
const maxLifetimeSeconds = 900;

/**
 * Connections to one PostgreSQL, or to the one of several that takes writes. Statements are prepared by name; where a
 * pooler between us and the server does not know them (PgBouncer before 1.21, or without max_prepared_statements),
 * names are given up for good after the first refusal. Nothing is set per session, so that sessions may be shared.
 */
export class Database {
  readonly #pool: pg.Pool;
  readonly #hosts: readonly DatabaseHost[];
  readonly #answerWithinMs: number;
  readonly #applicationName: string;
  readonly #trust = new IdleTrust();
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
    this.#applicationName = applicationName;
    const toClientConfig = (): pg.ClientConfig => this.#clientConfig;
    // The pool makes its clients itself: each takes the host that is current by then.
    const Client = class extends pg.Client {
      constructor() {
        super(toClientConfig());
        // Its server may end between two statements of ours. The next one hears of it; without a listener the process would end.
        this.on('error', () => undefined);
      }
    };
    this.#pool = new pg.Pool({
      Client,
      max: connections,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds,
      connectionTimeoutMillis: this.#connectWithinMs,
      // It is waited for, whatever the types say.
      onConnect: (client: pg.ClientBase): unknown => this.#welcome(client),
    });
    // A connection that breaks while idle has left the pool by then; whoever asks next gets another.
    this.#pool.on('error', () => undefined);
  }

  /** `host:port` of the server that is asked now. */
  get server(): string {
    return this.#current.name;
  }

  /** The server's time, whole ms: leases of many machines are measured by one clock. Undefined before the first connection. */
  get serverTime(): number | undefined {
    return this.#clock && Math.trunc(this.#clock.serverAt + (performance.now() - this.#clock.readAt));
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
        const results = (await answerOf(client, client.query(sql), this.#answerWithinMs)) as unknown;
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

  /** LISTEN on a connection of its own, until its signal aborts; rejects with StoreError when it breaks. */
  async listen(channel: string, listening: Listening): Promise<void> {
    try {
      await listenOn(new pg.Client(this.#clientConfig), channel, listening);
    } catch (error) {
      throw this.#toFailure(error).error;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool.end();
  }

  get #current(): DatabaseHost {
    const host = this.#hosts[this.#host % this.#hosts.length];
    if (!host) throw new Error('a database URL names a host');
    return host;
  }

  get #clientConfig(): pg.ClientConfig {
    return {
      connectionString: this.#current.connectionString,
      application_name: this.#applicationName,
      keepAlive: true,
      types: columnTypes,
    };
  }

  get #connectWithinMs(): number {
    return Math.min(longestConnectMs, this.#answerWithinMs);
  }

  async #welcome(client: pg.ClientBase): Promise<void> {
    const reading = await answerOf(client, greet(client), this.#connectWithinMs);
    this.#clock = toBetterReading(this.#clock, reading);
  }

  async #borrowed<T>(work: (client: pg.PoolClient) => Promise<T>, withinMs: number): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed.');
    const client = await this.#connect(withinMs);
    let isBroken = false;
    try {
      return await work(client);
    } catch (error) {
      isBroken = error instanceof Repeatable && error.needsNewConnection;
      if (error instanceof Repeatable) throw error;
      if (error instanceof Undone) throw error.cause;
      const failure = this.#toFailure(error);
      if (failure.then === 'again') throw new Repeatable(failure.error);
      isBroken = isGone(failure);
      throw failure.error;
    } finally {
      if (isBroken) this.#drop(client);
      else this.#putBack(client);
    }
  }

  #putBack(client: pg.PoolClient): void {
    this.#trust.worked(client);
    client.release();
  }

  #drop(client: pg.PoolClient): void {
    this.#trust.lost();
    cutOff(client);
    client.release(true);
  }

  async #connect(withinMs: number): Promise<pg.PoolClient> {
    const host = this.#host;
    const connecting = this.#acquire().catch((error: unknown) => {
      const failure = this.#toFailure(error);
      // The next one asks the next server, unless somebody else has moved on already.
      if (isGone(failure) && this.#host === host) this.#host = (host + 1) % this.#hosts.length;
      throw failure.error;
    });
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

  async #acquire(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#pool.connect();
      if (this.#trust.isTrusted(client)) return client;
      cutOff(client);
      client.release(true);
    }
  }

  async #transact<T>(
    client: pg.PoolClient,
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    const { answerWithinMs = this.#answerWithinMs } = options;
    const say = (sql: string): Promise<unknown> => answerOf(client, client.query(sql), answerWithinMs);
    const statements = new TransactionStatements((sql, values = []) =>
      this.#run(client, sql, values, answerWithinMs),
    );
    try {
      await say(beginSql(options));
      const result = await statements.within(work);
      await say('COMMIT');
      return result;
    } catch (error) {
      // What was begun on a connection that is gone, the server undoes by itself.
      const isUsable = error instanceof Undone || error instanceof Repeatable;
      if (isUsable || !isGone(this.#toFailure(error))) await say('ROLLBACK');
      throw error;
    }
  }

  async #run(
    client: pg.ClientBase,
    sql: string,
    values: readonly unknown[],
    withinMs: number,
  ): Promise<Result> {
    // As it was sent: another may hear meanwhile that names are of no use here.
    const isNamed = this.#preparesByName;
    try {
      const query = {
        text: sql,
        values: toParameters(values),
        ...(isNamed ? { name: nameOf(sql) } : {}),
      };
      const { rows, rowCount } = await answerOf(client, client.query<Row>(query), withinMs);
      return { rows, changes: rowCount ?? 0 };
    } catch (error) {
      const forgetter = isNamed ? forgottenBy(error) : undefined;
      if (forgetter === undefined) throw error;
      if (forgetter === 'pooler') this.#preparesByName = false;
      const told = new StoreError('busy', 'PostgreSQL does not know a prepared statement of ours any more.');
      throw new Repeatable(told, forgetter === 'schema');
    }
  }

  #toFailure(error: unknown): DatabaseFailure {
    return classifyDatabaseError(error, this.server);
  }
}

function isGone({ error, then }: DatabaseFailure): boolean {
  return then === 'away' || error.kind === 'unreachable';
}
