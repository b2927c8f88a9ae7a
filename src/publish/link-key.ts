import type { LinkKey, LinkKeysWriter } from '../store/link-keys.js';

/** Random bytes fit for a secret. Handed in, like all chance. */
export type RandomBytes = (count: number) => Buffer;

/**
 * Threads and processes that mint links hear of a rotation within seconds, and until then sign with the key
 * before: it stays valid for this much longer than its last link should need.
 */
const noticeMs = 60_000;

export function createLinkKey(now: number, randomBytes: RandomBytes): LinkKey {
  return {
    id: `k${randomBytes(5).toString('hex')}`,
    secret: randomBytes(32).toString('base64url'),
    createdAt: now,
  };
}

/** Makes `key` the one that signs. Those before it verify for `linkMs` more, until their last link has expired. */
export async function rotateLinkKeys(
  linkKeys: Pick<LinkKeysWriter, 'rotate'>,
  key: LinkKey,
  linkMs: number,
): Promise<void> {
  await linkKeys.rotate(key, key.createdAt + linkMs + noticeMs);
}

/** Makes `key` the one that signs, and every link that another has signed invalid at once. */
export async function replaceLinkKeys(linkKeys: Pick<LinkKeysWriter, 'rotate'>, key: LinkKey): Promise<void> {
  await linkKeys.rotate(key, key.createdAt);
}
