import type { LinkKey, LinkKeysReader, LinkKeysWriter } from '../link-keys.js';
import type { Row } from '../rows/row.js';
import { read, write, type OperationsOf } from './operations.js';
import { change, lock, rowsOf } from './work.js';

/** Keys that sign links to recordings: a handful of rows. */
export const linkKeys: OperationsOf<LinkKeysReader> = {
  list: read(function* () {
    const keys = (yield* rowsOf('SELECT * FROM link_keys')).map(toLinkKey);
    return keys.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  }),
};

export const linkKeysWriter: OperationsOf<LinkKeysWriter> = {
  rotate: write(function* ({ id, secret, createdAt, expiresAt }, othersUntil) {
    // Of two rotations at a time the second finds the key of the first, and lets it expire.
    yield* lock('link-keys');
    const added = yield* change(
      'INSERT INTO link_keys VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      ...[id, secret, createdAt, expiresAt ?? null],
    );
    if (added === 0) return;
    yield* change(
      'UPDATE link_keys SET expires_at = CASE WHEN expires_at < $1 THEN expires_at ELSE $1 END WHERE id <> $2',
      ...[othersUntil, id],
    );
  }),
};

function toLinkKey(row: Row): LinkKey {
  const expiresAt = row['expires_at'] as number | null;
  return {
    id: row['id'] as string,
    secret: row['secret'] as string,
    createdAt: row['created_at'] as number,
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}
