import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import { acknowledge } from '../../protocol/acknowledgement.js';
import { isMessageType } from '../../protocol/message.js';
import { parsePush, type UnreadableElement } from '../../protocol/parse-push.js';
import { maxUnpackedBytes } from '../../protocol/content-coding.js';
import { findSignatureFault, type SignatureFault } from '../../protocol/webhook-signature.js';
import { createStop, waitForReal } from '../wait.js';
import { completeReceiverOptions, type ReceiverOptions, type ReceiverRequest } from './receiver-options.js';
import { seededRandom } from '../seeded-random.js';

/** What a receiver tells of what comes. */
export type ReceiverEvent = ReceiverPush | ReceiverPushEnd | ReceiverCheck;

/** A push has arrived whole. */
export interface ReceiverPush {
  readonly kind: 'push';
  /** In the order of arrival, from 1. */
  readonly number: number;
  /** ms since the UNIX epoch. */
  readonly at: number;
  readonly bytes: number;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly webhookId?: string;
  /** How often this `webhook-id` has come, this time included; absent without one. 2 or more: a repetition. */
  readonly times?: number;
  readonly messages: number;
  /** Of the messages, in order. */
  readonly callIds: readonly string[];
  readonly unreadable: readonly UnreadableElement[];
  /** `not-checked` where no secret was given. */
  readonly signature: 'valid' | 'not-checked' | SignatureFault;
  /** What it will be answered with: an HTTP status, or nothing. */
  readonly answer: number | 'none';
  /** How much later on purpose. */
  readonly delayMs: number;
}

/** Push `number` is over. */
interface ReceiverPushEnd {
  readonly kind: 'end';
  readonly number: number;
  /** `answered`; `abandoned`: the sender hung up before it had the answer. */
  readonly how: 'answered' | 'abandoned';
  readonly afterMs: number;
}

/** Somebody asked whether we are there (GET, HEAD), or sent what is no push (`405`). */
interface ReceiverCheck {
  readonly kind: 'check';
  readonly at: number;
  readonly method: string;
  readonly status: number;
}

/** A receiver for trying things: takes pushes on any path, tells of each, and answers as it was told to. */
export interface Receiver {
  /** `http://HOST:PORT` */
  readonly url: string;
  /** Lets go of everybody, answered or not. */
  close(): Promise<void>;
}

interface ReceiverDeps {
  readonly clock: Clock;
  readonly onEvent: (event: ReceiverEvent) => void;
}

/** Rejects with a SimulationOptionError for what cannot be, and with the system's error where it cannot listen. */
export async function openReceiver(request: ReceiverRequest, deps: ReceiverDeps): Promise<Receiver> {
  const options = completeReceiverOptions(request);
  const stop = createStop();
  const desk = new Desk(options, deps, stop.signal);
  const server = createServer((incoming, response) => {
    desk.take(incoming, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        stop.abort();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Of so many pushes the `webhook-id` is remembered; a repetition comes within minutes. */
const rememberedIds = 100_000;

class Desk {
  #pushes = 0;
  readonly #timesById = new Map<string, number>();

  constructor(
    private readonly options: ReceiverOptions,
    private readonly deps: ReceiverDeps,
    private readonly signal: AbortSignal,
  ) {}

  take(request: IncomingMessage, response: ServerResponse): void {
    const method = request.method ?? '';
    if (method === 'POST') {
      this.#receive(request, response);
      return;
    }
    const isCheck = method === 'GET' || method === 'HEAD';
    const answer = isCheck ? goodAnswer : { ...goodAnswer, status: 405, body: refusal(405, 'Use POST.') };
    this.deps.onEvent({ kind: 'check', at: this.deps.clock(), method, status: answer.status });
    send(response, answer, method === 'HEAD');
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxUnpackedBytes) chunks.push(chunk);
      else if (!response.headersSent) {
        response.setHeader('Connection', 'close');
        send(response, { ...goodAnswer, status: 413, body: refusal(413, 'More than 64 MiB.') });
      }
    });
    request.on('end', () => {
      if (bytes > maxUnpackedBytes) return;
      const number = ++this.#pushes;
      const answer = planAnswer(this.options, number);
      this.deps.onEvent(this.#describe(request, Buffer.concat(chunks), number, answer));
      void this.#answer(response, number, answer);
    });
  }

  async #answer(response: ServerResponse, number: number, answer: ReceiverAnswer): Promise<void> {
    const startedAt = this.deps.clock();
    response.once('close', () => {
      // What we ourselves cut off at the end was nobody's decision.
      if (this.signal.aborted) return;
      const how = response.writableFinished ? 'answered' : 'abandoned';
      this.deps.onEvent({ kind: 'end', number, how, afterMs: this.deps.clock() - startedAt });
    });
    if (answer.kind === 'none') return;
    if (answer.delayMs > 0) await waitForReal(answer.delayMs, this.signal);
    if (!this.signal.aborted && !response.destroyed) send(response, answer);
  }

  #describe(request: IncomingMessage, body: Buffer, number: number, answer: ReceiverAnswer): ReceiverPush {
    const { headers } = request;
    const at = this.deps.clock();
    const [path = ''] = (request.url ?? '').split('?');
    const lastPart = path.split('/').at(-1) ?? '';
    const { messages, unreadable } = parsePush(body, isMessageType(lastPart) ? lastPart : undefined);
    const { secrets } = this.options;
    const fault = findSignatureFault({ secret: secrets, headers, body, now: at });
    const contentType = headers['content-type'];
    const contentEncoding = headers['content-encoding'];
    return {
      kind: 'push',
      number,
      at,
      bytes: body.length,
      ...(contentType === undefined ? {} : { contentType }),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
      ...this.#remember(headers['webhook-id']),
      messages: messages.length,
      callIds: messages.map(({ callId }) => callId),
      unreadable,
      signature: secrets.length === 0 ? 'not-checked' : (fault ?? 'valid'),
      answer: answer.kind === 'none' ? 'none' : answer.status,
      delayMs: answer.kind === 'none' ? 0 : answer.delayMs,
    };
  }

  #remember(webhookId: string | string[] | undefined): { webhookId?: string; times?: number } {
    if (typeof webhookId !== 'string') return {};
    const times = (this.#timesById.get(webhookId) ?? 0) + 1;
    this.#timesById.set(webhookId, times);
    const [oldest] = this.#timesById.keys();
    if (this.#timesById.size > rememberedIds && oldest !== undefined) this.#timesById.delete(oldest);
    return { webhookId, times };
  }
}

function refusal(code: number, msg: string): string {
  return JSON.stringify(acknowledge(code, msg));
}

function send(
  response: ServerResponse,
  { status, contentType, body }: Extract<ReceiverAnswer, { kind: 'answer' }>,
  isHead = false,
): void {
  // These two have no body, whatever is asked for.
  if (status === 204 || status === 304) {
    response.writeHead(status);
    response.end();
    return;
  }
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(isHead ? undefined : body);
}

/** What a push is answered with, and when. */
type ReceiverAnswer =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly delayMs: number;
    };

const json = 'application/json; charset=utf-8';

const goodAnswer = {
  kind: 'answer',
  status: 200,
  contentType: json,
  body: JSON.stringify(acknowledge()),
  delayMs: 0,
} as const satisfies ReceiverAnswer;

/** Answers that receivers really give, and that acknowledge nothing (protocol page, section 5). */
const oddAnswers: Readonly<Record<string, { contentType: string; body: string }>> = {
  'no-code': { contentType: json, body: '{"success":true}' },
  'string-code': { contentType: json, body: '{"code":"0","msg":"Received successfully"}' },
  html: { contentType: 'text/html; charset=utf-8', body: '<!doctype html><title>OK</title><p>OK</p>' },
};

/** The answer to push number `number` in the order of arrival; retries have numbers of their own. */
function planAnswer(options: ReceiverOptions, number: number): ReceiverAnswer {
  const { misbehaviour, badShare, seed } = options;
  if (seededRandom(seed, 'receiver', number)() >= badShare) return goodAnswer;
  if (misbehaviour.hangs === true) return { kind: 'none' };
  const { status = 200, delayMs = 0, answer } = misbehaviour;
  return { ...goodAnswer, ...bodyOf(status, answer), status, delayMs };
}

function bodyOf(status: number, answer: string | undefined): { contentType: string; body: string } {
  if (answer !== undefined) return oddAnswers[answer] ?? { contentType: json, body: answer };
  if (status === 200) return goodAnswer;
  return { contentType: json, body: JSON.stringify(acknowledge(status, 'As told')) };
}
