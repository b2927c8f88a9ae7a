import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LinkKey } from '../store/link-keys.js';

/** Long enough to look for a device and to type its PIN. */
const challengeMs = 5 * 60 * 1000;
const nonceBytes = 16;
const headBytes = 8 + nonceBytes;

/**
 * What a device has to sign: when it was made, 16 random bytes, and our signature of both, of what it is for and of
 * whom. So nothing has to be kept of those who only ask; that one is taken once is the passkey's row's to say.
 */
export function makeChallenge(purpose: string, keys: readonly LinkKey[], now: number): string {
  const key = keys.find(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  if (!key) throw new Error('there is no key to sign challenges with');
  const head = Buffer.alloc(headBytes);
  head.writeBigUInt64BE(BigInt(now));
  randomBytes(nonceBytes).copy(head, 8);
  return Buffer.concat([head, sign(head, purpose, key)]).toString('base64url');
}

/** When the challenge was made; undefined where it is not ours, for something else, or too old. */
export function readChallenge(
  challenge: string,
  purpose: string,
  keys: readonly LinkKey[],
  now: number,
): number | undefined {
  const bytes = Buffer.from(challenge, 'base64url');
  const [head, signature] = [bytes.subarray(0, headBytes), bytes.subarray(headBytes)];
  if (signature.length !== 32) return undefined;
  const at = Number(head.readBigUInt64BE());
  const isOurs = keys.some(
    (key) => (key.expiresAt ?? Infinity) > now && timingSafeEqual(signature, sign(head, purpose, key)),
  );
  return isOurs && Math.abs(now - at) < challengeMs ? at : undefined;
}

/** The keys sign links, too: no link begins like this. */
function sign(head: Buffer, purpose: string, { secret }: LinkKey): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`PASSKEY\n${purpose}\n`)
    .update(head)
    .digest();
}
