import type { Session, Sessions } from '../accounts.js';
import type { Row } from '../rows/row.js';
import { accountColumns, toAccount } from './account-rows.js';
import { brief, type OperationsOf, read, write } from './operations.js';
import { present } from './row-sql.js';
import { change, rowOf, rowsOf } from './work.js';

const columns = 'hash, account_id, created_at, last_seen_at, expires_at, address, user_agent, proven_at';

export const sessions: OperationsOf<Sessions> = {
  open: write(function* ({
    hash,
    accountId,
    createdAt,
    lastSeenAt,
    expiresAt,
    address,
    userAgent,
    provenAt,
  }) {
    yield* change(
      `INSERT INTO sessions (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      ...[hash, accountId, createdAt, lastSeenAt, expiresAt, address, userAgent ?? null, provenAt],
    );
  }),

  find: read(function* (hash, now) {
    const row = yield* rowOf(
      `SELECT ${columns} FROM sessions WHERE hash = $1 AND expires_at > $2`,
      hash,
      now,
    );
    if (!row) return undefined;
    const session = toSession(row);
    const account = yield* rowOf(
      `SELECT ${accountColumns.join(', ')} FROM accounts WHERE id = $1 AND is_disabled = 0`,
      session.accountId,
    );
    return account && { session, account: toAccount(account) };
  }),

  touch: brief(function* (hash, now, expiresAt) {
    yield* change(
      'UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE hash = $1',
      hash,
      now,
      expiresAt,
    );
  }),

  prove: write(function* (hash, at) {
    yield* change('UPDATE sessions SET proven_at = $2 WHERE hash = $1', hash, at);
  }),

  close: write(function* (hash) {
    yield* change('DELETE FROM sessions WHERE hash = $1', hash);
  }),

  closeOf: write(function* (accountId, exceptHash) {
    return yield* change(
      'DELETE FROM sessions WHERE account_id = $1 AND hash <> $2',
      accountId,
      exceptHash ?? '',
    );
  }),

  listOf: read(function* (accountId, now) {
    const rows = yield* rowsOf(
      `SELECT ${columns} FROM sessions WHERE account_id = $1 AND expires_at > $2 ORDER BY created_at DESC, hash`,
      accountId,
      now,
    );
    return rows.map(toSession);
  }),

  sweep: write(function* (now, limit) {
    return yield* change(
      `DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`,
      now,
      limit,
    );
  }),
};

function toSession(row: Row): Session {
  return present({
    hash: row['hash'] as string,
    accountId: row['account_id'] as string,
    createdAt: row['created_at'] as number,
    lastSeenAt: row['last_seen_at'] as number,
    expiresAt: row['expires_at'] as number,
    address: row['address'] as string,
    userAgent: row['user_agent'] as string | null,
    // Those that were opened before it was kept, or by a process of the version before.
    provenAt: (row['proven_at'] ?? row['created_at']) as number,
  });
}
