import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { problemMediaType } from '../contract/media-type.js';
import { AppError, type ErrorCode } from '../domain/errors.js';
import { toProblem } from './problem.js';
import { isUploading } from './upload-sockets.js';
import { partsOfPushPath } from '../intake/push-path.js';

const stopping = new AppError('shutting-down', 'This process is stopping.');

/** Takes every request on a push path, whatever its method, and answers it. */
export interface PushHandler {
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Request line and headers together. A callId of any length works in a path, so this is far above the usual
 * 16 KB; it is still bounded, because a stranger may send headers.
 */
export const maxHeaderBytes = 1024 * 1024;

const limits = {
  maxHeaderSize: maxHeaderBytes,
  /** A client that does not get its headers out is none; too short a time would cut off slow lines. */
  headersTimeout: 30_000,
  /** A whole push of 64 MiB over a line of 2 Mbit/s. */
  requestTimeout: 300_000,
  /** Longer than the idle time of the usual proxies: a proxy that reuses a connection we just closed loses a push. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
};

/** A connection on which nothing moves, in either direction: a listener that stopped reading holds a file open. */
const stalledMs = 120_000;

/** `draining`: answers end their connections, so that nobody finds one closed under a request. `closing`: pushes alone are taken, those that had begun to arrive. */
export type ServerState = 'open' | 'draining' | 'closing';

/**
 * The server below Fastify. Pushes go to intake from here: an acknowledgement passes no router, no hook and
 * no serializer, which halves what it costs.
 */
export function createRawServer(
  apiHandler: (request: IncomingMessage, response: ServerResponse) => void,
  intake: PushHandler,
  readState: () => ServerState,
): Server {
  const server = createServer(limits, (request, response) => {
    const url = toOriginForm(request);
    const state = readState();
    if (state !== 'open') response.shouldKeepAlive = false;
    if (partsOfPushPath(url)) intake.handle(request, response);
    else if (state === 'closing') answerWithProblem(response, stopping, url);
    else apiHandler(request, response);
  });
  server.setTimeout(stalledMs);
  server.on('clientError', answerMalformed);
  return server;
}

/** A proxy may ask for `http://host/path`; a server must take it (RFC 9112, section 3.2.2). */
function toOriginForm(request: IncomingMessage): string {
  const url = request.url ?? '/';
  if (url.startsWith('/') || !/^https?:\/\//i.test(url)) return url;
  request.url = url.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  if (!request.url.startsWith('/')) request.url = `/${request.url}`;
  return request.url;
}

/** Refuses a request that no router will see, and lets its connection end. */
export function answerWithProblem(response: ServerResponse, error: AppError, url: string | undefined): void {
  const body = JSON.stringify(toProblem(error.code, error.message, url));
  response.writeHead(error.status, { 'content-type': problemMediaType, connection: 'close' });
  response.end(body);
}

interface MalformedRequest extends Error {
  readonly code?: string;
  /** The bytes that could not be read. */
  readonly rawPacket?: unknown;
}

/**
 * Answers what never became a request. On a push path every answer has a numeric `code`; where the path
 * cannot be known (a request that took too long) the answer has no body, which contradicts neither form.
 */
function answerMalformed(error: MalformedRequest, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    // An upload of any size may take its time, as long as it moves.
    if (isUploading(socket)) return;
    socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const code: ErrorCode = tooLarge ? 'headers-too-large' : 'bad-request';
  const detail = tooLarge ? `They exceed ${maxHeaderBytes} bytes.` : 'This is no well-formed HTTP request.';
  const start = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 64) : '';
  const onPushPath = /^[A-Z]+ +\/push[/? ]/.test(start);
  const problem = toProblem(code, detail);
  const body = JSON.stringify(onPushPath ? { code: problem.status, msg: problem.title } : problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n` +
      `Content-Type: ${onPushPath ? 'application/json' : problemMediaType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
