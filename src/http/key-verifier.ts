import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import { type Actor, rights } from '../domain/rights.js';
import type { ApiKey, ApiKeys } from '../store/accounts.js';

/** A removed key may work on for this long, in exchange for not asking the store at every request. */
const trustMs = 5_000;
/** How old the instant of a key's last use may be. */
const usedWithinMs = 60 * 60 * 1000;
/** More keys than anybody has; only there so that the memory is bounded. */
const maxTrusted = 1_000;

export interface KeyVerifierDeps {
  readonly apiKeys: Pick<ApiKeys, 'findByHash' | 'touch'>;
  /** Lower-case hex SHA-256 of the administrator's key, as it is now. */
  readonly administratorKeyHash: () => string;
  readonly clock: Clock;
}

/** Resolves with the actor that the key of an Authorization header belongs to; rejects with 401 for any other header. */
export type VerifyKey = (header: string) => Promise<Actor>;

const administrator: Actor = {
  kind: 'administrator-key',
  id: 'administrator-key',
  name: "the administrator's key",
  rights,
};

/**
 * Checks bearer keys. Only hashes are compared and looked up, so neither the time that a comparison takes
 * nor the store's index tells anything about a key. The administrator's key needs no store: it works while
 * the store does not. Unknown keys are not remembered, so that a key just made works at once.
 */
export function createKeyVerifier(deps: KeyVerifierDeps): VerifyKey {
  const trusted = new Map<string, { readonly actor: Actor; readonly until: number }>();

  return async (header) => {
    const key = /^Bearer +(\S+) *$/i.exec(header)?.[1];
    if (key === undefined) {
      throw new AppError('key-required', 'The request carries no "Authorization: Bearer KEY".');
    }
    const digest = createHash('sha256').update(key).digest();
    const expected = Buffer.from(deps.administratorKeyHash(), 'hex');
    if (digest.length === expected.length && timingSafeEqual(digest, expected)) return administrator;

    const hash = digest.toString('hex');
    const now = deps.clock();
    const known = trusted.get(hash);
    if (known && known.until > now) return known.actor;
    trusted.delete(hash);
    const found = await deps.apiKeys.findByHash(hash);
    if (!found) throw new AppError('key-required', 'The key is unknown, or was removed.');
    refuseOver(found, now);
    const { id, name, scopes, lastUsedAt = 0, expiresAt = Infinity } = found;
    // That it cannot be written down is no reason to refuse what the key is for.
    if (now - lastUsedAt > usedWithinMs) deps.apiKeys.touch(id, now).catch(() => undefined);
    const actor: Actor = { kind: 'key', id, name, rights: scopes };
    if (trusted.size >= maxTrusted) trusted.clear();
    trusted.set(hash, { actor, until: Math.min(now + trustMs, expiresAt) });
    return actor;
  };
}

function refuseOver({ expiresAt, isOrphaned, owner }: ApiKey, now: number): void {
  if (expiresAt !== undefined && expiresAt <= now)
    throw new AppError('key-expired', `The key was valid until ${new Date(expiresAt).toISOString()}.`);
  if (isOrphaned)
    throw new AppError(
      'key-orphaned',
      `The account of ${owner?.name ?? 'its owner'} was removed, or is disabled.`,
    );
}
