import type { Server } from 'node:http';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import { AppError } from '../domain/errors.js';
import type { Api } from './api.js';
import { createAuthorise, type Authorise, type AuthorisationDeps } from './authorisation.js';
import { describeApi } from './openapi.js';
import { sendProblem } from './problem.js';
import { answerMalformed, createRawServer, maxHeaderBytes, type PushHandler } from './raw-server.js';
import { recordRequests } from './request-record.js';
import { addAudioRoutes, type AudioRoutesDeps } from './routes/audio-routes.js';
import { addCallRoutes, type CallRoutesDeps } from './routes/call-routes.js';
import { addFeedRoutes, type FeedRoutesDeps } from './routes/feed-routes.js';
import { addQuarantineRoutes, type QuarantineRoutesDeps } from './routes/quarantine-routes.js';
import { addRecordingRoutes, type RecordingRoutesDeps } from './routes/recording-routes.js';
import { addServiceRoutes, type ServiceRoutesDeps } from './routes/service-routes.js';
import { isGuarded, watchMethods } from './unmatched.js';

/** What all routes need together; each declares its own two or three. */
export type HttpServerDeps = AuthorisationDeps &
  CallRoutesDeps &
  RecordingRoutesDeps &
  AudioRoutesDeps &
  QuarantineRoutesDeps &
  FeedRoutesDeps &
  ServiceRoutesDeps & {
    readonly intake: PushHandler;
    readonly logger: Logger;
    /** Of Earshot, for the description. */
    readonly version: string;
    /** The parts that this process runs; without `api` only pushes, health and metrics are served. */
    readonly serves?: { readonly api: boolean };
  };

export interface HttpServer {
  /** Port 0 takes a free one. Rejects with `address-in-use` or `setting-invalid` where it cannot listen. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Where it listens; undefined before and after. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  /** Takes no new connections, lets answers end for at most `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/** Pushes, the API, health, metrics: interface, “HTTP”. Nothing listens before `listen`. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  let closing = false;
  const servers = new Set<Server>();
  const authorise = createAuthorise(deps);
  const logger: FastifyBaseLogger = deps.logger;
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    // Records of its own, see request-record.ts: Fastify's would hold the address as it came.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    routerOptions: { maxParamLength: maxHeaderBytes },
    // A parameter that is unknown is refused, not dropped; one given twice is not silently a list.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
    serverFactory: (handler) => {
      const server = createRawServer(handler, deps.intake, () => closing);
      servers.add(server);
      return server;
    },
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error, request, reply) => {
      void refuseUnroutable(error, request, reply, authorise);
    },
  });
  guard(app, authorise);
  recordRequests(app, deps.metrics.observeRequest);
  addRoutes(app, deps);

  return {
    async listen(host, port) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw toListenError(error, host, port);
      }
      return toAddress(app.server) ?? { host, port };
    },
    get address() {
      return toAddress(app.server);
    },
    async close(graceMs = 5_000) {
      closing = true;
      // A connection that idles only after its last answer would otherwise hold the server open.
      const sweep = setInterval(
        () =>
          servers.forEach((server) => {
            server.closeIdleConnections();
          }),
        50,
      );
      const cut = setTimeout(
        () =>
          servers.forEach((server) => {
            server.closeAllConnections();
          }),
        graceMs,
      );
      await app.close();
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}

/** Every route needs a key unless it says that it is open; so do addresses under /api that do not exist. */
function guard(app: FastifyInstance, authorise: Authorise): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const open = request.is404 ? !isGuarded(request.url) : request.routeOptions.config.open === true;
    if (!open) await requireKey(request, reply, authorise);
    if (!request.is404) reply.header('cache-control', 'no-store');
  });
  app.setNotFoundHandler(() => {
    throw new AppError('route-unknown', 'There is nothing at this address.');
  });
  app.setErrorHandler(sendProblem);
  app.setSerializerCompiler(() => JSON.stringify);
  // Few routes read a body, and each by its own rules; the others take whatever a client sends along.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

async function requireKey(request: FastifyRequest, reply: FastifyReply, authorise: Authorise): Promise<void> {
  try {
    await authorise(request.headers.authorization);
  } catch (error) {
    if (error instanceof AppError && error.code === 'key-required') {
      reply.header('www-authenticate', 'Bearer realm="earshot"');
    }
    throw error;
  }
}

/** An address that no router can read has passed no hook: it is guarded here. */
async function refuseUnroutable(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  authorise: Authorise,
): Promise<void> {
  try {
    if (isGuarded(request.url)) await requireKey(request, reply, authorise);
    sendProblem(error, request, reply);
  } catch (refusal) {
    sendProblem(refusal, request, reply);
  }
}

function addRoutes(app: FastifyInstance, deps: HttpServerDeps): void {
  describeApi(app, deps.version);
  app.register((instance, _options, done) => {
    const api: Api = instance.withTypeProvider();
    const addWrongMethods = watchMethods(api);
    addServiceRoutes(api, deps);
    if (deps.serves?.api !== false) {
      addCallRoutes(api, deps);
      addRecordingRoutes(api, deps);
      addAudioRoutes(api, deps);
      addQuarantineRoutes(api, deps);
      addFeedRoutes(api, deps);
    }
    addWrongMethods();
    done();
  });
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
