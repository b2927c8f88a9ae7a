import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError } from '../domain/errors.js';
import type { ApiHandler } from './create-api.js';
import type { HttpServerParts } from './areas.js';
import { toProxyTest } from './proxies.js';
import { answerWithProblem, createRawServer, type ServerState } from './raw-server.js';

export interface HttpServer {
  /** Port 0 takes a free one. Rejects with `address-in-use` or `setting-invalid` where it cannot listen. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Where it listens; undefined before and after. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  /** From now on every answer is the last of its connection; requests are still taken. */
  drain(): void;
  /** Takes no new connections, lets answers end for at most `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Pushes, the API, health, metrics: interface, “HTTP”. Nothing listens before `listen`. Pushes are taken
 * from the first moment; the API with its framework is loaded behind that, and early requests wait for it:
 * loading takes some 200 ms, and accepting pushes comes first.
 */
export function createHttpServer(parts: HttpServerParts): HttpServer {
  let state: ServerState = 'open';
  let api: Promise<ApiHandler> | undefined;
  const loadApi = () => (api ??= import('./create-api.js').then(({ createApi }) => createApi(parts)));

  function handleApi(request: IncomingMessage, response: ServerResponse): void {
    loadApi().then(
      (loaded) => {
        loaded.handle(request, response);
      },
      () => {
        answerWithProblem(response, new AppError('internal', 'The API could not be started.'), request.url);
      },
    );
  }

  const server = createRawServer(
    handleApi,
    parts.server.intake,
    () => state,
    toProxyTest(parts.server.trustedProxies),
  );

  return {
    async listen(host, port) {
      server.listen(port, host);
      try {
        await once(server, 'listening');
      } catch (error) {
        throw toListenError(error, host, port);
      }
      // One connection that could not be accepted is no reason to stop.
      server.on('error', (error) => {
        parts.server.logger.warn({ err: error }, 'a connection was not accepted');
      });
      loadApi().catch((error: unknown) => {
        parts.server.logger.fatal({ err: error }, 'the API could not be started; pushes are taken');
      });
      return toAddress(server) ?? { host, port };
    },
    get address() {
      return toAddress(server);
    },
    drain() {
      if (state === 'open') state = 'draining';
    },
    async close(graceMs = 5_000) {
      state = 'closing';
      parts.messages.notifier.end();
      await closeServer(server, graceMs);
      await (await api?.catch(() => undefined))?.close();
    },
  };
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // A connection that idles only after its last answer would otherwise hold the server open.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

function toAddress(server: Server): { host: string; port: number } | undefined {
  const address = server.address();
  return address === null || typeof address === 'string'
    ? undefined
    : { host: address.address, port: address.port };
}

function toListenError(error: unknown, host: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new AppError('address-in-use', `Something listens on ${host}:${port} already.`);
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new AppError('setting-invalid', `It is not possible to listen on ${host}:${port} (${code}).`);
  }
  return error;
}
