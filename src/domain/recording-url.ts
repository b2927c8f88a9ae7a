import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Earshot's own links to recordings: whoever holds one may hear the recording until it expires.
 *
 *   {publicUrl}/r/{recordingId}?Expires={UNIX seconds}&KeyId={id}&Signature={base64url}
 *
 * signed with HMAC-SHA256 over "GET\n{recordingId}\n{Expires}". The path is stable, so a second Earshot sees the
 * same recording with a fresh link; `Expires` is read as the deadline by any reader of the vendor's V1 links. The
 * expiry is inside the signature and the key's id selects the key, so nothing in a link can be changed. Exactly
 * this form and order: two texts of one link would be two links to every cache and log.
 */
export interface LinkSigningKey {
  /** Short word of a–z and digits. */
  readonly id: string;
  /** 32 random bytes, base64url. */
  readonly secret: string;
  /** In ms; links that it signed are not valid from then on. */
  readonly expiresAt?: number;
}

export interface RecordingUrl {
  /** How the outside reaches Earshot, without a trailing slash. */
  readonly publicUrl: string;
  readonly recordingId: string;
  /** In ms; the link tells it in whole seconds, rounded down. */
  readonly expiresAt: number;
  readonly key: LinkSigningKey;
}

/** A bearer secret: never logged. */
export function mintRecordingUrl({ publicUrl, recordingId, expiresAt, key }: RecordingUrl): string {
  const expires = String(Math.floor(expiresAt / 1000));
  const signature = sign(key, recordingId, expires);
  return `${publicUrl}/r/${recordingId}?Expires=${expires}&KeyId=${key.id}&Signature=${signature}`;
}

/** `expired` is told of any link in the right form: its key may be long gone by then. */
export type RecordingUrlVerdict = 'valid' | 'expired' | 'does-not-match';

/**
 * Judges the query of a request for `/r/{recordingId}`, as it was received, without the question mark.
 * Keys that have expired sign nothing any more.
 */
export function judgeRecordingUrl(
  recordingId: string,
  query: string,
  keys: readonly LinkSigningKey[],
  now: number,
): RecordingUrlVerdict {
  const written = /^Expires=([1-9]\d{0,11})&KeyId=([a-z0-9]{1,32})&Signature=([\w-]{43})$/.exec(query);
  if (!written) return 'does-not-match';
  const [, expires = '', keyId, signature = ''] = written;
  if (now >= Number(expires) * 1000) return 'expired';
  const key = keys.find(({ id }) => id === keyId);
  if (!key || (key.expiresAt !== undefined && now >= key.expiresAt)) return 'does-not-match';
  // Compared as texts: the last of 43 characters has bits to spare, so that other texts decode to the same bytes.
  const isSame = timingSafeEqual(Buffer.from(signature), Buffer.from(sign(key, recordingId, expires)));
  return isSame ? 'valid' : 'does-not-match';
}

function sign({ secret }: LinkSigningKey, recordingId: string, expires: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`GET\n${recordingId}\n${expires}`)
    .digest('base64url');
}
