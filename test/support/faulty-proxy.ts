import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { createLocalPeers } from './local-peers.js';

/** What happens to a request on its way. */
export type Fault =
  /** The connection ends before anything is forwarded. */
  | 'hang-up'
  /** Nothing ever comes back. */
  | 'silence'
  /** The connection ends in the middle of the body. */
  | 'cut'
  /** One byte of the body is another when it arrives. */
  | 'corrupt'
  /** The request is carried out, and its answer is lost. */
  | 'lose-answer'
  | { readonly status: number; readonly body?: string }
  | { readonly delayMs: number };

export interface FaultyProxy {
  readonly origin: string;
  /** Asked for each request; undefined lets it through. */
  fault: (request: {
    readonly method: string;
    readonly url: string;
    readonly bytes: number;
  }) => Fault | undefined;
  /** Requests that came, faulty or not: method and address. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that leads to another one, and does to requests what a test wants. */
export async function openFaultyProxy(port: number): Promise<FaultyProxy> {
  const peers = createLocalPeers();
  const here = await peers.serve((request, response) => {
    const { method = '', url = '' } = request;
    proxy.requests.push(`${method} ${url}`);
    misbehave(
      request,
      response,
      port,
      proxy.fault({ method, url, bytes: Number(request.headers['content-length'] ?? 0) }),
    );
  });
  const proxy: FaultyProxy = {
    origin: `http://127.0.0.1:${here}`,
    fault: () => undefined,
    requests: [],
    close: () => peers.close(),
  };
  return proxy;
}

function misbehave(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  fault: Fault | undefined,
): void {
  if (fault === 'silence') return;
  if (fault === 'hang-up') request.socket.destroy();
  else if (typeof fault === 'object' && 'status' in fault) refuse(request, response, fault);
  else if (typeof fault === 'object') setTimeout(() => forward(request, response, port), fault.delayMs);
  else forward(request, response, port, fault);
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: Extract<Fault, { status: number }>,
): void {
  const code = status === 503 ? 'SlowDown' : 'InternalError';
  request.resume().on('end', () => {
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(body ?? `<Error><Code>${code}</Code><Message>Not now.</Message></Error>`);
  });
}

function forward(request: IncomingMessage, response: ServerResponse, port: number, fault?: Fault): void {
  const { method, url, headers } = request;
  const onward = ask({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    if (fault === 'lose-answer') {
      answer.resume().on('end', () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    response.on('close', () => answer.destroy());
  });
  onward.on('error', () => request.socket.destroy());
  request.on('close', () => {
    if (!request.complete) onward.destroy();
  });
  if (fault === 'cut') {
    const half = Number(headers['content-length'] ?? 0) / 2;
    request
      .pipe(new Rewrite((chunk, before) => (before > half ? request.socket.destroy() && chunk : chunk)))
      .pipe(onward);
  } else if (fault === 'corrupt') {
    request.pipe(new Rewrite((chunk, before) => (before === 0 ? flipFirst(chunk) : chunk))).pipe(onward);
  } else request.pipe(onward);
}

function flipFirst(chunk: Buffer): Buffer {
  const changed = Buffer.from(chunk);
  changed[0] = (changed[0] ?? 0) ^ 1;
  return changed;
}

/** Changes chunks, knowing how many bytes went before. */
class Rewrite extends Transform {
  readonly #change: (chunk: Buffer, before: number) => Buffer;
  #bytes = 0;

  constructor(change: (chunk: Buffer, before: number) => Buffer) {
    super();
    this.#change = change;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const changed = this.#change(chunk, this.#bytes);
    this.#bytes += chunk.length;
    done(null, changed);
  }
}
