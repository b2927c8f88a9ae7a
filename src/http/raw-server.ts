import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problemMediaType } from '../contract/problem.js';
import { AppError } from '../domain/errors.js';
import { partsOfPushPath } from '../domain/push-path.js';
import { type Connection, ConnectionLimiter } from './connection-limiter.js';
import { rawAnswerTo, type RawRefusal, toProblem } from './problem.js';
import { gateOf, RequestGate } from './request-gate.js';
import { maxHeadBytes, toOriginForm } from './request-head.js';

const stopping = new AppError('shutting-down', 'This process is stopping.');

/** Takes every request on a push path, whatever its method, and answers it. */
export interface PushHandler {
  /** `onKnown` is called once the token is known to be right. */
  handle(request: IncomingMessage, response: ServerResponse, onKnown: () => void): void;
}

const limits = {
  maxHeaderSize: maxHeadBytes,
  // Told by us: health and push paths depend on no host.
  requireHostHeader: false,
  /** Of a connection that has not asked for anything yet. */
  headersTimeout: 30_000,
  /** A whole push of 64 MiB over a line of 2 Mbit/s. */
  requestTimeout: 300_000,
  /** Longer than the idle time of the usual proxies: a proxy that reuses a connection we just closed loses a push. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
};

/** A connection on which nothing moves, in either direction: a listener that stopped reading holds a file open. */
const stalledMs = 120_000;

/** `draining`: answers end their connections, so that no client finds one closed under a request. `closing`: pushes alone are taken, those that had begun to arrive. */
export type ServerState = 'open' | 'draining' | 'closing';

/**
 * The server below Fastify. Pushes go to intake from here: an acknowledgement passes no router, no hook and
 * no serializer, which halves what it costs.
 */
export function createRawServer(
  apiHandler: (request: IncomingMessage, response: ServerResponse) => void,
  intake: PushHandler,
  readState: () => ServerState,
  isProxy: (address: string) => boolean = () => false,
): Server {
  function handle(request: IncomingMessage, response: ServerResponse): void {
    const gate = gateOf(request.socket);
    gate?.begin(request, response);
    request.url = toOriginForm(request.url ?? '/');
    const state = readState();
    if (state !== 'open') response.shouldKeepAlive = false;
    const refusal = refusalOf(request);
    if (refusal) refuse(response, refusal, request.url);
    else if (partsOfPushPath(request.url)) intake.handle(request, response, () => gate?.known());
    else if (state === 'closing') answerWithProblem(response, stopping, request.url);
    else apiHandler(request, response);
  }

  const server = createServer(limits, handle);
  // A body is invited where it is read: see sendsWhenInvited.
  server.on('checkContinue', handle);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    gateOf(request.socket)?.begin(request, response);
    refuse(response, 'expectation-unknown', toOriginForm(request.url ?? '/'));
  });
  server.maxHeadersCount = maxHeaders + headersAtOnce;
  server.setTimeout(stalledMs);
  const limiter = new ConnectionLimiter(isProxy);
  server.on('connection', (socket: Socket) => {
    watch(socket, limiter);
  });
  server.on('clientError', answerMalformed);
  return server;
}

function watch(socket: Socket, limiter: ConnectionLimiter): void {
  const connection: Connection = { address: socket.remoteAddress ?? '', cut: () => socket.destroy() };
  socket.on('close', () => {
    limiter.remove(connection);
  });
  new RequestGate({
    socket,
    onHeadBytes: (bytes) => {
      limiter.keepsOfHead(connection, bytes);
    },
    onKnown: () => {
      limiter.known(connection);
    },
  });
  limiter.add(connection);
}

/** More are no request of anybody's; Node would drop the rest of them unseen, X-Forwarded-For perhaps. */
const maxHeaders = 1_000;
/** Node's parser hands on so many at a time, and looks at the bound between. */
const headersAtOnce = 32;

const healthPath = /^\/+(?:healthz|readyz)(?:[/?#]|$)/;

/** What is wrong with a request that is well-formed by itself. */
function refusalOf({ rawHeaders, httpVersion, url = '' }: IncomingMessage): RawRefusal | undefined {
  if (rawHeaders.length > 2 * maxHeaders) return 'headers-too-large';
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  // Two are two readings of one request. Without any, only what depends on none is answered: balancers and old senders write none.
  if (hosts > 1) return 'bad-request';
  const needsHost = hosts === 0 && httpVersion === '1.1';
  return needsHost && !healthPath.test(url) && !partsOfPushPath(url) ? 'bad-request' : undefined;
}

function refuse(response: ServerResponse, refusal: RawRefusal, target: string): void {
  const { status, mediaType, body } = rawAnswerTo(refusal, target);
  response.writeHead(status, { 'content-type': mediaType, connection: 'close' });
  response.end(body);
}

/** Refuses a request that no router will see, and lets its connection end. */
export function answerWithProblem(response: ServerResponse, error: AppError, url: string | undefined): void {
  const body = JSON.stringify(toProblem(error.code, error.message, url));
  response.writeHead(error.status, { 'content-type': problemMediaType, connection: 'close' });
  response.end(body);
}

/** Answers what never became a request, or breaks off. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  const gate = gateOf(socket);
  if (error.code === 'ECONNRESET' || !socket.writable || !gate) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    if (!gate.isUploading) gate.refuse('request-late');
    return;
  }
  gate.refuse(error.code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'bad-request');
}
