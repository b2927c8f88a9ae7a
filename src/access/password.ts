import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id with 19 MiB, two passes and one lane: the first of the settings that OWASP's Password Storage Cheat Sheet
 * recommends, some 20 ms of one core. More memory would be more than a small machine has for several people at once.
 * The library computes on libuv's threads, never on the one that acknowledges pushes. Each hash names its
 * parameters: they may be raised, and older hashes go on verifying.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of no password that anybody has: compared with where there is no hash, so that an unknown name takes as long. */
const hashOfNobody =
  '$argon2id$v=19$m=19456,t=2,p=1$FKV1Q/l0oBNhWs7dDJpaKQ$eT8ii6/VPmN9lhfh1+qIZoqtEYOoMx/mt516YPq1p90';

/** As argon2 encodes it, with a salt of its own. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), cost);
}

/** Takes the same time whether or not there is a hash. */
export async function isPassword(password: string, expected: string | undefined): Promise<boolean> {
  const isSame = await verify(expected ?? hashOfNobody, password.normalize('NFC'));
  return isSame && expected !== undefined;
}
