import { type ActorKind, type Right, rights } from '../../domain/rights.js';
import type { ApiKey, ApiKeys } from '../accounts.js';
import type { Row } from '../rows/row.js';
import { brief, type OperationsOf, read, write } from './operations.js';
import { present } from './row-sql.js';
import { change, rowOf, rowsOf } from './work.js';

/** Looked up each time: whoever may not sign in any more has no key that would let them in. */
const isOrphaned = `CASE WHEN owner_kind = 'account' AND NOT EXISTS (
  SELECT 1 FROM accounts WHERE accounts.id = api_keys.owner_id AND accounts.is_disabled = 0) THEN 1 ELSE 0 END`;
const columns = `id, name, hash, created_at, scopes, last_used_at, expires_at, owner_kind, owner_id, owner_name,
  ${isOrphaned} AS is_orphaned`;
/** How old the instant of its last use may be. */
const usedWithinMs = 3_600_000;

export const apiKeys: OperationsOf<ApiKeys> = {
  add: write(function* ({ name, hash, scopes, createdAt, expiresAt, owner }) {
    // The hash is that of a long random key: its beginning is as good an id as any other.
    const id = `k${hash.slice(0, 12)}`;
    yield* change(
      `INSERT INTO api_keys (id, name, hash, scopes, created_at, expires_at, owner_kind, owner_id, owner_name)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      ...[id, name, hash, JSON.stringify(scopes), createdAt, expiresAt ?? null],
      ...[owner?.kind ?? null, owner?.id ?? null, owner?.name ?? null],
    );
    return toApiKey((yield* rowOf(`SELECT ${columns} FROM api_keys WHERE id = $1`, id)) ?? {});
  }),

  list: read(function* () {
    return (yield* rowsOf(`SELECT ${columns} FROM api_keys ORDER BY created_at, id`)).map(toApiKey);
  }),

  findByHash: read(function* (hash) {
    const row = yield* rowOf(`SELECT ${columns} FROM api_keys WHERE hash = $1`, hash);
    return row && toApiKey(row);
  }),

  touch: brief(function* (id, now) {
    yield* change(
      'UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)',
      ...[id, now, now - usedWithinMs],
    );
  }),

  remove: write(function* (id) {
    return (yield* change('DELETE FROM api_keys WHERE id = $1', id)) === 1;
  }),
};

function toApiKey(row: Row): ApiKey {
  const scopes = row['scopes'] as string | null;
  return present({
    id: row['id'] as string,
    name: row['name'] as string,
    hash: row['hash'] as string,
    scopes: scopes === null ? rights : (JSON.parse(scopes) as Right[]),
    createdAt: row['created_at'] as number,
    lastUsedAt: row['last_used_at'] as number | null,
    expiresAt: row['expires_at'] as number | null,
    owner: toOwner(row),
    isOrphaned: row['is_orphaned'] === 1 ? (true as const) : null,
  });
}

function toOwner(row: Row): ApiKey['owner'] | null {
  const kind = row['owner_kind'] as ActorKind | null;
  return kind === null ? null : { kind, id: row['owner_id'] as string, name: row['owner_name'] as string };
}
