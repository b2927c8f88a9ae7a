import { hash, timingSafeEqual } from 'node:crypto';
import { isMessageType, type MessageType } from '../protocol/message.js';

/** A place that pushes come from: a name, and the secret in its push path. */
export interface Source {
  readonly name: string;
  readonly token: string;
}

export type PushPath =
  | { readonly kind: 'source'; readonly source: string; readonly pathType?: MessageType }
  | { readonly kind: 'wrong-token' }
  | { readonly kind: 'unknown-type' };

/**
 * Reads `/push/{token}` and `/push/{token}/{messageType}`. Every source's token is compared, each in
 * constant time (digests, so that not even a length can be measured).
 */
export function createPushPathReader(sources: readonly Source[]): (url: string) => PushPath {
  const known = sources.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  return (url) => {
    const end = url.indexOf('?');
    const [, , token = '', type = '', ...rest] = (end === -1 ? url : url.slice(0, end)).split('/');
    const digest = digestOf(token);
    let source: string | undefined;
    for (const candidate of known) if (timingSafeEqual(candidate.digest, digest)) source = candidate.name;
    if (source === undefined) return { kind: 'wrong-token' };
    if (rest.some((part) => part !== '')) return { kind: 'unknown-type' };
    if (type === '') return { kind: 'source', source };
    return isMessageType(type) ? { kind: 'source', source, pathType: type } : { kind: 'unknown-type' };
  };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
