import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Lower-case hex SHA-256: all that the store keeps of a token. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * What a page of ours sends back with every change. Made of the session's token, which no script can read, so that it
 * need not be kept, holds as long as the session does, and cannot be made by anybody who has none.
 */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('earshot: changes of this session').digest('base64url');
}

/** Compares in constant time. */
export function isCsrfToken(given: string, token: string): boolean {
  const expected = Buffer.from(csrfTokenOf(token));
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

/** Under which a session is shown and ended: tells nothing about its token. */
export function publicSessionId(hash: string): string {
  return hash.slice(0, 20);
}
