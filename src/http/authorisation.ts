import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { ApiKeys } from '../store/api-keys.js';

/** A removed key may work on for this long, in exchange for not asking the store at every request. */
const trustMs = 5_000;
/** More keys than anybody has; only there so that the memory is bounded. */
const maxTrusted = 1_000;

export interface AuthorisationDeps {
  readonly apiKeys: Pick<ApiKeys, 'findByHash'>;
  /** Lower-case hex SHA-256 of the administrator's key, as it is now. */
  readonly administratorKeyHash: () => string;
  readonly clock: Clock;
}

/** Resolves where an Authorization header holds a valid key; rejects with `key-required` where not. */
export type Authorise = (header: string | undefined) => Promise<void>;

/**
 * Checks bearer keys. Only hashes are compared and looked up, so neither the time that a comparison takes
 * nor the store's index tells anything about a key. The administrator's key needs no store: it works while
 * the store does not. Unknown keys are not remembered, so that a key just made works at once.
 */
export function createAuthorise(deps: AuthorisationDeps): Authorise {
  const trustedUntil = new Map<string, number>();

  return async (header) => {
    const key = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
    if (key === undefined) {
      throw new AppError('key-required', 'The request carries no "Authorization: Bearer KEY".');
    }
    const digest = createHash('sha256').update(key).digest();
    const administrator = Buffer.from(deps.administratorKeyHash(), 'hex');
    if (digest.length === administrator.length && timingSafeEqual(digest, administrator)) return;

    const hash = digest.toString('hex');
    const now = deps.clock();
    if ((trustedUntil.get(hash) ?? 0) > now) return;
    trustedUntil.delete(hash);
    if (!(await deps.apiKeys.findByHash(hash))) {
      throw new AppError('key-required', 'The key is unknown, or was removed.');
    }
    if (trustedUntil.size >= maxTrusted) trustedUntil.clear();
    trustedUntil.set(hash, now + trustMs);
  };
}
