import type { IncomingHttpHeaders } from 'node:http';
import type { AddressGuard } from './address-guard.js';
import type { ConnectionPool, Connection } from './connection-pool.js';
import { EgressError, toEgressError, type OutboundTimings } from './egress-error.js';
import type { HostFilter } from '../domain/host-pattern.js';
import { createLookup, type Lookup } from './name-lookup.js';
import { parseTarget } from './request-target.js';

export interface OutboundRequest {
  /** Path and query are sent byte for byte. A secret: it appears in no error. */
  readonly url: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Hosts that may be asked; any when absent. The address guard stands in either case. */
  readonly allowsHost?: HostFilter;
  /** Whether asking twice does no harm: a GET, or a POST whose receiver can tell a repetition. Default: a GET. */
  readonly isRepeatable?: boolean;
  readonly signal?: AbortSignal;
  /** From the request's last byte to the end of the answer's head. */
  readonly headTimeoutMs: number;
  /** Longest silence inside the body. */
  readonly idleTimeoutMs: number;
  /** Bound on everything, from now to the body's last byte. */
  readonly totalTimeoutMs: number;
}

export interface OutboundResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The address connected to. */
  readonly address: string;
  /** `headMs` always; those of connecting where this request had to connect. */
  readonly timings: OutboundTimings;
  /** To be read once, or discarded. Throws EgressError; leaving the loop early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection without reading (on). Harmless after the body's end. */
  discard(): void;
}

export interface GuardedClient {
  /** Resolves with any answer, whatever its status; redirects are answers, never followed. Throws EgressError. */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** Ends all connections, those in use too. */
  close(): void;
}

export interface GuardedClientOptions {
  readonly guard: AddressGuard;
  /** Default: one of its own, which nobody else waits for. */
  readonly lookup?: Lookup;
  /** Bound on lookup, TCP and TLS together. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Idle connections kept, all hosts together; enough for everyone to find its own again. Default 64. */
  readonly maxIdle?: number;
  /** Certificate authorities instead of the system's, in PEM. */
  readonly ca?: string;
}

/** The only way out: plain HTTP/1.1 requests to addresses that the guard has checked. */
export function createGuardedClient(options: GuardedClientOptions): GuardedClient {
  let opened: Promise<ConnectionPool> | undefined;
  /** Loaded with the first request: a thread that asks nobody starts a tenth of a second sooner, and is smaller. */
  const openPool = async (): Promise<ConnectionPool> => {
    const { ConnectionPool } = await import('./connection-pool.js');
    return new ConnectionPool({
      guard: options.guard,
      lookup: options.lookup ?? createLookup(),
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      maxIdle: options.maxIdle ?? 64,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
  };
  return {
    request: async (request) => {
      const target = parseTarget(request.url);
      if (request.allowsHost && !request.allowsHost(target.hostname, target.port)) {
        throw new EgressError('host-not-allowed', 'the host is none that may be asked');
      }
      const pool = await (opened ??= openPool());
      const giveUpAt = performance.now() + request.totalTimeoutMs;
      const first = pool.acquire(target.origin);
      const wasUsed = first.used;
      try {
        return await exchange(pool, first, target.path, request, request.totalTimeoutMs);
      } catch (error) {
        // An idle connection may be closed by the other side just as it is used again, and nobody can tell whether
        // the request arrived. Where repeating does no harm it is asked again, once, on a connection of its own:
        // checking an idle connection first would only make the gap smaller, and a delivery that fails by it would
        // wait a minute for nothing.
        const isRepeatable = request.isRepeatable ?? (request.method ?? 'GET') === 'GET';
        const leftMs = giveUpAt - performance.now();
        if (!wasUsed || !isRepeatable || !isReset(error) || leftMs <= 0 || request.signal?.aborted)
          throw error;
        return await exchange(pool, pool.acquire(target.origin, true), target.path, request, leftMs);
      }
    },
    close: () => {
      opened ??= Promise.reject(new EgressError('aborted', 'the client is closed'));
      opened.then(
        (pool) => pool.close(),
        () => undefined,
      );
    },
  };
}

function isReset(error: unknown): boolean {
  return error instanceof EgressError && error.reason === 'connection-reset';
}

/** One request on one connection, which is given back or destroyed in every case. */
async function exchange(
  pool: ConnectionPool,
  connection: Connection,
  path: string,
  request: OutboundRequest,
  totalTimeoutMs: number,
): Promise<OutboundResponse> {
  const bounds = bindToBounds(pool, connection, request.signal, totalTimeoutMs);
  const startedAt = performance.now();
  const wasUsed = connection.used;
  try {
    const answer = await connection.client.request({
      path,
      method: request.method ?? 'GET',
      headers: { ...request.headers },
      body: request.body ?? null,
      headersTimeout: request.headTimeoutMs,
      bodyTimeout: request.idleTimeoutMs,
      highWaterMark: 256 * 1024,
    });
    // The body's errors reach its reader; without one (discarded) they are nobody's.
    answer.body.on('error', () => undefined);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      address: connection.address ?? '',
      timings: {
        ...(wasUsed ? {} : connection.timings),
        headMs: performance.now() - Math.max(startedAt, connection.connectedAt ?? 0),
      },
      body: readBody(answer.body, connection, bounds),
      discard: () => bounds.end('unread'),
    };
  } catch (error) {
    const failure = bounds.failure ?? toEgressError(error, 'head', connection.address);
    bounds.end(failure);
    const progress = {
      isConnected: connection.connectedAt !== undefined,
      timings: wasUsed ? {} : connection.timings,
    };
    throw new EgressError(failure.reason, failure.message, failure.address, progress);
  }
}

interface Bounds {
  /** Why the request was ended from our side, if it was. */
  readonly failure: EgressError | undefined;
  /** After `whole` the connection is used again, after anything else it is closed. Only the first call counts. */
  end(how: 'whole' | 'unread' | EgressError): void;
}

/** Ends the connection when the signal or the total time-out says so. */
function bindToBounds(
  pool: ConnectionPool,
  connection: Connection,
  signal: AbortSignal | undefined,
  totalTimeoutMs: number,
): Bounds {
  let failure: EgressError | undefined;
  let over = false;
  const end: Bounds['end'] = (how) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    if (how === 'whole') pool.release(connection);
    else if (how === 'unread')
      pool.discard(connection, new EgressError('aborted', 'the body was not wanted'));
    else pool.discard(connection, how);
  };
  const fail = (reason: EgressError): void => {
    failure ??= reason;
    end(failure);
  };
  const onAbort = (): void => fail(new EgressError('aborted', 'stopped by the caller', connection.address));
  const timer = setTimeout(() => {
    fail(new EgressError('timeout', 'not done in time', connection.address));
  }, totalTimeoutMs);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  return {
    get failure() {
      return failure;
    },
    end,
  };
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  connection: Connection,
  bounds: Bounds,
): AsyncGenerator<Uint8Array, void, undefined> {
  let whole = false;
  try {
    for await (const chunk of body) yield chunk;
    whole = true;
  } catch (error) {
    throw bounds.failure ?? toEgressError(error, 'body', connection.address);
  } finally {
    bounds.end(whole ? 'whole' : 'unread');
  }
}
