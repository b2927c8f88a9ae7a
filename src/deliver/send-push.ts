import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../domain/clock.js';
import type { DeliveryAttempt, DeliveryTimings, KeptRequest, KeptResponse } from '../domain/delivery.js';
import type { Endpoint } from '../domain/endpoint.js';
import { parseRetryAfter } from '../domain/outcome.js';
import type { GuardedClient, OutboundResponse } from '../net/guarded-fetch.js';
import { EgressError } from '../net/egress-error.js';
import { signPush } from '../protocol/webhook-signature.js';
import { classifyAnswer, classifyError, maxAnswerBytes, type PushResult } from './classify-answer.js';
import { keepRequest, keepResponse, toHeaders } from './push-headers.js';
import { samplePush } from '../protocol/sample.js';
import * as zlib from 'node:zlib';

const compress = promisify(gzip);

interface Push {
  readonly endpoint: Pick<Endpoint, 'settings' | 'secrets'>;
  readonly webhookId: string;
  /** The instant of the attempt, in ms. */
  readonly at: number;
  /** JSON, before any content coding. */
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface SendDeps {
  readonly client: GuardedClient;
  /** Of durations: one that nobody sets. */
  readonly stopwatch: Clock;
  readonly userAgent: string;
}

export interface SentPush {
  readonly result: PushResult;
  /** All of the attempt but what its verdict decides. */
  readonly attempt: Omit<DeliveryAttempt, 'outcome' | 'isProbe'>;
  readonly retryAfterMs?: number;
}

/** What is learnt on the way, for the attempt's record, whatever becomes of it. */
interface Progress {
  status?: number;
  address?: string;
  timings: DeliveryTimings;
  response?: KeptResponse;
  retryAfterMs?: number;
}

/**
 * One push, signed, and what came of it. `timeoutMs` bounds everything from connecting to the answer's last byte, of
 * which no more is read than an acknowledgement can have. Whatever the world does is a value; only a mistake of ours
 * is thrown.
 */
export async function sendPush(push: Push, deps: SendDeps): Promise<SentPush> {
  const { settings } = push.endpoint;
  const plain = Buffer.from(push.body);
  const body = settings.gzip ? await compress(plain) : plain;
  const headers = toHeaders(push.endpoint, sign(push, plain), deps.userAgent);
  const startedAt = deps.stopwatch();
  const progress: Progress = { timings: {} };
  let result: PushResult;
  try {
    result = await exchange(push, body, headers, progress, deps);
  } catch (error) {
    const failure = classifyError(error, progress.status !== undefined);
    if (!failure) throw error;
    result = failure;
    noteFailure(error as EgressError, progress);
  }
  const { retryAfterMs, ...told } = progress;
  const request: KeptRequest = keepRequest(settings, headers, body.length);
  const durationMs = deps.stopwatch() - startedAt;
  return {
    result,
    attempt: { at: push.at, reason: result.reason, durationMs, request, ...told },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** A secret that has expired signs nothing any more; the newest always does. */
function sign({ endpoint, webhookId, at }: Push, body: Uint8Array): Record<string, string> {
  const secrets = endpoint.secrets
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > at)
    .map(({ secret }) => secret);
  return { ...signPush({ webhookId, at, body, secrets }) };
}

async function exchange(
  { endpoint: { settings }, signal, at }: Push,
  body: Uint8Array,
  headers: Record<string, string>,
  progress: Progress,
  { client, stopwatch }: SendDeps,
): Promise<PushResult> {
  const { url, timeoutMs } = settings;
  const answer = await client.request({
    ...{ url, method: 'POST', headers, body, signal },
    // The webhook-id lets the receiver tell a repetition.
    isRepeatable: true,
    ...{ headTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs },
  });
  const headAt = stopwatch();
  const { status, address } = answer;
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], at);
  Object.assign(progress, { status, address, timings: answer.timings });
  if (retryAfterMs !== undefined) progress.retryAfterMs = retryAfterMs;
  const read: Uint8Array[] = [];
  let said: Uint8Array | undefined;
  try {
    const isLonger = await readBounded(answer, read);
    const whole = { bytes: Buffer.concat(read), isLonger };
    const unpacked = await unpackAnswer(answer.headers['content-encoding'], whole, maxAnswerBytes);
    said = unpacked.bytes;
    const text = toText(said.subarray(0, maxAnswerBytes));
    return classifyAnswer({ status, body: text, isLonger: unpacked.isLonger });
  } catch (error) {
    // What a refusal says besides its status is of no weight: that it broke off changes nothing.
    if (status === 200 || !(error instanceof EgressError) || error.reason === 'aborted') throw error;
    return classifyAnswer({ status, body: '', isLonger: false });
  } finally {
    progress.timings = { ...progress.timings, bodyMs: stopwatch() - headAt };
    progress.response = keepResponse(answer.headers, said ?? Buffer.concat(read));
  }
}

/** Collects the body; true where it is longer than any acknowledgement: then the rest is left unread. */
async function readBounded(answer: OutboundResponse, read: Uint8Array[]): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of answer.body) {
    read.push(chunk);
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) return true;
  }
  return false;
}

function noteFailure({ address, progress: reached }: EgressError, progress: Progress): void {
  if (address !== undefined) progress.address ??= address;
  if (reached && progress.status === undefined) progress.timings = { ...reached.timings };
}

const utf8 = new TextDecoder();
/** Without a byte order mark; what is no UTF-8 is replaced. */
function toText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

interface SendTestDeps extends SendDeps {
  readonly clock: Clock;
  readonly newWebhookId: () => string;
}

/** Sends the specification's own sample once, as a push to this endpoint would be sent; it is no delivery. */
export async function sendTest(
  endpoint: Pick<Endpoint, 'settings' | 'secrets'>,
  deps: SendTestDeps,
): Promise<DeliveryAttempt> {
  const { signal } = new AbortController();
  const push = { endpoint, webhookId: deps.newWebhookId(), at: deps.clock(), body: samplePush, signal };
  const { result, attempt } = await sendPush(push, deps);
  return { ...attempt, outcome: result.news === 'success' ? 'ok' : 'retry', isProbe: false };
}

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const inflate = promisify(zlib.inflate) as Unpack;
const inflateRaw = promisify(zlib.inflateRaw) as Unpack;
const gunzip = promisify(zlib.gunzip) as Unpack;

const decoders: Readonly<Record<string, Unpack | undefined>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // Meant is the zlib format (RFC 9110, 8.4.1.2); what some send has no header. The first byte's low half tells.
  deflate: (bytes, options) => ((bytes[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(bytes, options),
  br: promisify(zlib.brotliDecompress),
};

interface UnpackedAnswer {
  readonly bytes: Uint8Array;
  /** It holds more than `maxBytes`. */
  readonly isLonger: boolean;
}

/**
 * The answer to a push as its receiver wrote it. Earshot asks for answers that are not packed; proxies pack them all the
 * same. What cannot be unpacked stays as it came: then it is no acknowledgement.
 * @param coding `Content-Encoding`.
 */
async function unpackAnswer(
  coding: string | undefined,
  answer: UnpackedAnswer,
  maxBytes: number,
): Promise<UnpackedAnswer> {
  const codings = (coding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  let { bytes } = answer;
  for (const name of codings.filter((one) => one !== '' && one !== 'identity').reverse()) {
    const unpack = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (!unpack || answer.isLonger) return answer;
    try {
      bytes = await unpack(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      return { ...answer, isLonger: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' };
    }
  }
  return { bytes, isLonger: answer.isLonger };
}
