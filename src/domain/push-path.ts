import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.js';
import { isMessageType, type MessageType } from '../protocol/message.js';

/** A place that pushes come from: a name, and a secret in a push path of its. It may have more than one. */
export interface SourceToken {
  readonly name: string;
  readonly token: string;
  /** It holds no longer than this, in ms. */
  readonly until?: number;
}

export type PushPath =
  | { readonly kind: 'source'; readonly source: string; readonly pathType?: MessageType }
  | { readonly kind: 'wrong-token' }
  | { readonly kind: 'unknown-type' };

/**
 * What stands behind `push` in an address; undefined where it is no push path. A push that misses its path is lost after
 * three retries, so only the token decides: slashes too many, escapes, blanks, another case of `push` and a prefix that a
 * proxy has left there do not matter.
 */
export function partsOfPushPath(url: string): string[] | undefined {
  const end = url.search(/[?#]/);
  const parts = (end === -1 ? url : url.slice(0, end))
    .split('/')
    .map(decode)
    .filter((part) => part !== '');
  const at = parts.findIndex((part) => part.toLowerCase() === 'push');
  return at === -1 || (at > 0 && parts[0] === 'api') ? undefined : parts.slice(at + 1);
}

function decode(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part).trim();
  } catch {
    return part;
  }
}

/**
 * Reads `/push/{token}` and `/push/{token}/{messageType}`. Every token is compared, each in
 * constant time (digests, so that not even a length can be measured).
 */
export function createPushPathReader(
  tokens: readonly SourceToken[],
  clock: Clock,
): (url: string) => PushPath {
  const known = tokens.map(({ name, token, until = Infinity }) => ({ name, digest: digestOf(token), until }));
  return (url) => {
    const [token = '', type = '', ...rest] = partsOfPushPath(url) ?? [];
    const digest = digestOf(token);
    let source: string | undefined;
    for (const { name, digest: expected, until } of known) {
      if (timingSafeEqual(expected, digest) && clock() < until) source = name;
    }
    if (source === undefined) return { kind: 'wrong-token' };
    if (rest.length > 0) return { kind: 'unknown-type' };
    if (type === '') return { kind: 'source', source };
    return isMessageType(type) ? { kind: 'source', source, pathType: type } : { kind: 'unknown-type' };
  };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
