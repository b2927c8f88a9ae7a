import { Client } from 'undici';
import { EgressError, type OutboundTimings } from './egress-error.js';
import { guardedConnect, type ConnectOptions } from './guarded-connect.js';
import { passOverInterim } from './interim-answers.js';

/**
 * A connection that serves one request at a time. The address is known for sure, also when the connection is used
 * again, which no shared pool could tell.
 */
export interface Connection {
  readonly origin: string;
  readonly client: Client;
  /** The address connected to, once it is. */
  address: string | undefined;
  /** When it was connected, by `performance.now()`, once it is. */
  connectedAt: number | undefined;
  /** Of connecting. */
  readonly timings: OutboundTimings;
  /** An earlier request has used it: the other side may close it at any moment without being at fault. */
  used: boolean;
  /** Ends everything at once, the request in flight (with this error) included. */
  destroy(reason: Error): void;
}

export interface PoolOptions extends ConnectOptions {
  /** Bound on lookup, TCP and TLS together. */
  readonly connectTimeoutMs: number;
  /** Idle connections kept, all hosts together. */
  readonly maxIdle: number;
}

/** Shorter than what servers and load balancers grant (5 s and up), so that we close first. */
const idleTimeoutMs = 4_000;
/** A connection is not kept longer because a server says so: its name may have moved. */
const longestIdleTimeoutMs = 30_000;

export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #idle = new Set<Connection>();
  readonly #busy = new Set<Connection>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** An idle connection to the origin, the one used last, or (always when `fresh`) a new one. */
  acquire(origin: string, fresh = false): Connection {
    if (this.#closed) throw new EgressError('aborted', 'the client is closed');
    const connection = (fresh ? undefined : this.#takeIdle(origin)) ?? this.#open(origin);
    this.#busy.add(connection);
    return connection;
  }

  /** Gives back a connection whose answer has been read to its end. */
  release(connection: Connection): void {
    this.#busy.delete(connection);
    connection.used = true;
    if (this.#closed || connection.client.destroyed || this.#idle.size >= this.#options.maxIdle) {
      connection.destroy(new EgressError('aborted', 'not needed any more'));
    } else {
      this.#idle.add(connection);
    }
  }

  discard(connection: Connection, reason: Error): void {
    this.#busy.delete(connection);
    this.#idle.delete(connection);
    connection.destroy(reason);
  }

  close(): void {
    this.#closed = true;
    const reason = new EgressError('aborted', 'the client is closed');
    for (const connection of [...this.#idle, ...this.#busy]) this.discard(connection, reason);
  }

  #takeIdle(origin: string): Connection | undefined {
    let found: Connection | undefined;
    for (const connection of this.#idle) if (connection.origin === origin) found = connection;
    if (found) this.#idle.delete(found);
    return found;
  }

  #open(origin: string): Connection {
    const ended = new AbortController();
    const client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: idleTimeoutMs,
      keepAliveMaxTimeout: longestIdleTimeoutMs,
      connect: ({ hostname, port, protocol }, callback) => {
        const secure = protocol === 'https:';
        const request = {
          hostname: hostname.replace(/^\[|\]$/g, ''),
          port: port === '' ? (secure ? 443 : 80) : Number(port),
          secure,
          signal: ended.signal,
          timings: connection.timings,
        };
        const timer = setTimeout(() => {
          connection.destroy(new EgressError('timeout', 'no connection in time'));
        }, this.#options.connectTimeoutMs);
        guardedConnect(request, this.#options)
          .then((socket) => {
            connection.address = socket.remoteAddress;
            connection.connectedAt = performance.now();
            callback(null, passOverInterim(socket));
          })
          .catch((error: unknown) => callback(error as Error, null))
          .finally(() => clearTimeout(timer));
      },
    });
    const connection: Connection = {
      origin,
      client,
      address: undefined,
      connectedAt: undefined,
      timings: {},
      used: false,
      destroy: (reason) => {
        ended.abort(reason);
        // Whoever waits for the request in flight is told by its own promise; nobody waits for this one.
        client.destroy(reason).catch(() => undefined);
      },
    };
    client.on('disconnect', () => {
      if (this.#idle.has(connection))
        this.discard(connection, new EgressError('aborted', 'closed while idle'));
    });
    return connection;
  }
}
