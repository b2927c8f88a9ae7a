import { createHmac, timingSafeEqual } from 'node:crypto';
import { isGzip, unpackGzip } from './content-coding.js';

/**
 * Signatures of pushes by Standard Webhooks (standardwebhooks.com, version 1, symmetric): the HMAC-SHA256 of
 * `{webhook-id}.{webhook-timestamp}.{body}`, in base64 behind `v1,`. A secret is `whsec_` and base64; while it is
 * being exchanged for another there are several, a push carries one signature by each, and a receiver that knows
 * any one of them is content.
 */
const secretPrefix = 'whsec_';
const version = 'v1';

/** Headers that a signed push carries. */
export interface PushSignature {
  /** Names the push: the same on every retry. */
  readonly 'webhook-id': string;
  /** UNIX seconds of this attempt. */
  readonly 'webhook-timestamp': string;
  /** One signature for each secret, the newest first, separated by spaces. */
  readonly 'webhook-signature': string;
}

export interface PushToSign {
  readonly webhookId: string;
  /** The instant of the attempt, in ms. */
  readonly at: number;
  /** As sent, before any content coding. */
  readonly body: Uint8Array | string;
  /** `whsec_…`, at least one. */
  readonly secrets: readonly string[];
}

/** Writes a secret of random bytes (24 to 64; Earshot takes 32) as receivers are given it. */
export function toWebhookSecret(bytes: Uint8Array): string {
  return secretPrefix + Buffer.from(bytes).toString('base64');
}

/** The headers that prove where a push comes from. @throws RangeError for a secret that is none. */
export function signPush({ webhookId, at, body, secrets }: PushToSign): PushSignature {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map(
    (secret) => `${version},${sign(keyOf(secret), webhookId, timestamp, body).toString('base64')}`,
  );
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** Headers as Node gives them, as a plain object in any case, or as `Headers` of fetch. */
export type ReceivedHeaders = FetchHeaders | Readonly<Record<string, string | readonly string[] | undefined>>;

interface FetchHeaders {
  get(name: string): string | null;
}

export interface PushToVerify {
  /** One secret, or all that are valid now. */
  readonly secret: string | readonly string[];
  readonly headers: ReceivedHeaders;
  /** The exact bytes of the body, gzip unpacked or as it came; never JSON written anew. */
  readonly body: Uint8Array | string;
  /** The current instant, in ms. */
  readonly now: number;
  /** How far the timestamp may be away from now. Default 300 s. */
  readonly toleranceSeconds?: number;
}

/** Why a push is not to be believed. */
export type SignatureFault = 'headers-missing' | 'timestamp-too-old' | 'timestamp-too-new' | 'no-match';

/** Whether one of the secrets signed this push, not long ago. @throws RangeError for a secret that is none. */
export function verifySignature(push: PushToVerify): boolean {
  return findSignatureFault(push) === undefined;
}

/** The same with the reason; undefined where nothing is wrong. */
export function findSignatureFault(push: PushToVerify): SignatureFault | undefined {
  const keys = [push.secret].flat().map(keyOf);
  const webhookId = readHeader(push.headers, 'webhook-id');
  const timestamp = readHeader(push.headers, 'webhook-timestamp');
  const signatures = readHeader(push.headers, 'webhook-signature');
  if (!webhookId || !signatures || !timestamp || !/^\d{1,15}$/.test(timestamp)) return 'headers-missing';
  const awaySeconds = Math.floor(push.now / 1000) - Number(timestamp);
  const toleranceSeconds = push.toleranceSeconds ?? 300;
  if (awaySeconds > toleranceSeconds) return 'timestamp-too-old';
  if (awaySeconds < -toleranceSeconds) return 'timestamp-too-new';
  const candidates = signatures
    .split(' ')
    .filter((signature) => signature.startsWith(`${version},`))
    .map((signature) => Buffer.from(signature.slice(version.length + 1), 'base64'));
  const isSignedBy = (key: Uint8Array, body: Uint8Array | string): boolean => {
    const expected = sign(key, webhookId, timestamp, body);
    return candidates.some(
      (candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected),
    );
  };
  const bodies = bodiesOf(push.body);
  return keys.some((key) => bodies.some((body) => isSignedBy(key, body))) ? undefined : 'no-match';
}

/** The body as it came, and what is in it where it is gzip that unpacks: servers differ in who unpacks. */
function bodiesOf(body: Uint8Array | string): (Uint8Array | string)[] {
  const unpacked = typeof body !== 'string' && isGzip(body) ? unpackGzip(body) : undefined;
  return unpacked ? [unpacked, body] : [body];
}

function sign(key: Uint8Array, webhookId: string, timestamp: string, body: Uint8Array | string): Buffer {
  return createHmac('sha256', key).update(`${webhookId}.${timestamp}.`).update(body).digest();
}

/** Never repeats the text: it may be a secret with a slip in it. */
function keyOf(secret: string): Uint8Array {
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || key.length === 0)
    throw new RangeError('a webhook secret is "whsec_" and base64 behind it');
  return key;
}

function readHeader(headers: ReceivedHeaders, name: string): string | undefined {
  if (isFetchHeaders(headers)) return headers.get(name) ?? undefined;
  const value = headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  // A header that came twice is nobody's signature: node:http joins them, others hand over a list.
  return typeof value === 'string' ? value : undefined;
}

function isFetchHeaders(headers: ReceivedHeaders): headers is FetchHeaders {
  return 'get' in headers && typeof headers.get === 'function';
}
