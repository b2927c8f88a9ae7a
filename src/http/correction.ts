import { AppError } from '../domain/errors.js';
import { memberText } from '../protocol/json-text.js';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/**
 * The corrected body that came along with a retry from quarantine, or undefined where none did.
 *
 * `{ "body": … }` holds it in base64, as the item's own `body` does. Whoever writes JSON there by hand means
 * that JSON, so text that is no base64 and an object or array in place of a string are taken as written,
 * every digit of them. What has no `body` member, or was sent as bytes or plain text, is the corrected body
 * itself. Throws `body-invalid` where none of this fits.
 */
export function readCorrection(
  contentType: string | undefined,
  sent: Buffer | undefined,
): Uint8Array | undefined {
  if (!sent || sent.length === 0) return undefined;
  if (/^\s*(application\/octet-stream|text\/plain)\b/i.test(contentType ?? '')) return sent;
  const text = sent.toString();
  const value = parse(text);
  if (typeof value !== 'object' || value === null) throw refuse();
  if (Array.isArray(value) || 'callId' in value) return sent;
  if (!('body' in value) || value.body === null) {
    if (Object.keys(value).some((name) => name !== 'body')) throw refuse();
    return undefined;
  }
  if (typeof value.body === 'string') return fromText(value.body);
  if (typeof value.body === 'object') return Buffer.from(memberText(text, 'body') ?? '');
  throw refuse();
}

function fromText(body: string): Uint8Array {
  if (base64.test(body)) return Buffer.from(body, 'base64');
  if (/^\s*[[{]/.test(body)) return Buffer.from(body);
  throw refuse();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse();
  }
}

function refuse(): AppError {
  return new AppError('body-invalid', 'Send nothing, or { "body": "…" } with the corrected body in base64.');
}
