import pg from 'pg';
import { StoreError } from '../store-error.js';

const oldestVersion = 140_000;

interface Settings {
  readonly version: number;
  readonly encoding: string;
  readonly is_standby: boolean;
  readonly read_only: string;
  readonly synchronous_commit: string;
  readonly now: number;
}

/** Statements are not to be compiled, either: see transactions.ts. A pooler may keep that from us, or for others: no harm. */
const question = `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() AS is_standby, current_setting('transaction_read_only') AS read_only,
  current_setting('synchronous_commit') AS synchronous_commit, set_config('jit', 'off', false) AS jit,
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`;

/**
 * Asks a new connection what it leads to: a server that we can use, and that keeps what it has said it keeps. An
 * acknowledgement rests on `synchronous_commit`; a text on UTF-8.
 * @throws StoreError `unreachable` for a standby (another server may be the one), `refused` for what will not change by itself.
 */
export async function greet(client: pg.ClientBase): Promise<ClockReading> {
  const askedAt = performance.now();
  const { rows } = await client.query<Settings>(question);
  const roundTripMs = performance.now() - askedAt;
  const told = rows[0];
  if (!told) throw new StoreError('unreachable', 'PostgreSQL said nothing about itself.');
  if (told.is_standby || told.read_only === 'on') {
    throw new StoreError('unreachable', 'PostgreSQL takes no writes: it is a standby, or set to read only.');
  }
  if (told.version < oldestVersion) {
    throw new StoreError('refused', 'PostgreSQL is older than 14. Upgrade it: Earshot needs 14 or newer.');
  }
  if (told.encoding !== 'UTF8') {
    throw new StoreError(
      'refused',
      `The database is encoded in ${told.encoding}. Create it with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
  if (told.synchronous_commit === 'off') {
    throw new StoreError(
      'refused',
      'synchronous_commit is off, so PostgreSQL would forget acknowledged pushes. Set it for this user: ALTER ROLE … SET synchronous_commit = on',
    );
  }
  return { serverAt: told.now, readAt: askedAt + roundTripMs / 2, roundTripMs };
}

/** The server's clock as it was read, beside our own monotonic one. */
export interface ClockReading {
  readonly serverAt: number;
  readonly readAt: number;
  /** The reading is wrong by half of this at most. */
  readonly roundTripMs: number;
}

/** Two clocks drift apart by so much, as a share of the time. */
const drift = 0.000_2;

/** Of an older and a newer reading the one that is less wrong by now. */
export function toBetterReading(older: ClockReading | undefined, newer: ClockReading): ClockReading {
  if (!older) return newer;
  const ageMs = newer.readAt - older.readAt;
  return newer.roundTripMs / 2 <= older.roundTripMs / 2 + ageMs * drift ? newer : older;
}

/** The answer; or, once it is late, `unreachable`, after `onLate`. */
export async function within<T>(answer: Promise<T>, ms: number, onLate: () => void): Promise<T> {
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

/** What `client` answers; a late answer ends its connection. */
export async function answerOf<T>(client: pg.ClientBase, answer: Promise<T>, withinMs: number): Promise<T> {
  return await within(answer, withinMs, () => {
    answer.catch(() => undefined);
    cutOff(client);
  });
}

/** A peer that swallows everything would keep a polite goodbye waiting for ever. */
export function cutOff(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}

/**
 * Which idle connections may still lead anywhere. One that turns out to be dead without a word (a lost route, a
 * firewall that forgot it) seldom is alone: whoever trusted the others would wait out the patience for each of them.
 */
export class IdleTrust {
  readonly #usedAt = new WeakMap<object, number>();
  #lostAt = -Infinity;

  /** A connection has worked until now. */
  worked(connection: object): void {
    this.#usedAt.set(connection, performance.now());
  }

  /** One was lost: those that lay idle by then are not trusted any more. */
  lost(): void {
    this.#lostAt = performance.now();
  }

  /** New ones are. */
  isTrusted(connection: object): boolean {
    return (this.#usedAt.get(connection) ?? Infinity) >= this.#lostAt;
  }
}

export interface Listening {
  readonly onMessage: (payload: string) => void;
  /** From now on nothing is missed, until it breaks. */
  readonly onListening: () => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A connection that nothing comes from may be dead: it is asked for a word so often. */
const heartbeatMs = 20_000;
const answerWithinMs = 5_000;

/** A connection of one's own for LISTEN, until `signal` aborts. Rejects when it breaks, or does not come about. */
export async function listenOn(
  client: pg.Client,
  channel: string,
  { onMessage, onListening, signal }: Listening,
): Promise<void> {
  const over = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('end', resolve);
  });
  over.catch(() => undefined);
  client.on('notification', ({ payload = '' }) => {
    onMessage(payload);
  });
  const ask = (sql: string): Promise<unknown> => answerOf(client, client.query(sql), answerWithinMs);
  const leave = (): void => void client.end().catch(() => undefined);
  // A failed heartbeat has cut the connection off, which is over then.
  const heartbeat = setInterval(() => void ask('SELECT 1').catch(() => undefined), heartbeatMs);
  try {
    await answerOf(client, client.connect(), answerWithinMs);
    signal.addEventListener('abort', leave);
    await ask(`LISTEN ${pg.escapeIdentifier(channel)}`);
    if (signal.aborted) leave();
    else onListening();
    await over;
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', leave);
    leave();
  }
}
