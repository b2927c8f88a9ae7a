import type { Passkey, Passkeys } from '../accounts.js';
import type { Row } from '../rows/row.js';
import { type OperationsOf, read, write } from './operations.js';
import { present } from './row-sql.js';
import { change, lock, rowOf, rowsOf } from './work.js';

const columns = 'id, account_id, name, public_key, counter, transports, created_at, last_used_at';

export const passkeys: OperationsOf<Passkeys> = {
  listOf: read(function* (accountId) {
    const sql = `SELECT ${columns} FROM passkeys WHERE account_id = $1 ORDER BY created_at, id`;
    return (yield* rowsOf(sql, accountId)).map(toPasskey);
  }),

  find: read(function* (id) {
    const row = yield* rowOf(`SELECT ${columns} FROM passkeys WHERE id = $1`, id);
    return row && toPasskey(row);
  }),

  add: write(function* ({ id, accountId, name, publicKey, counter, transports, createdAt }, most) {
    yield* lock('accounts');
    const owner = yield* rowOf(
      'SELECT (SELECT count(*) FROM passkeys WHERE account_id = accounts.id) AS count FROM accounts WHERE id = $1',
      accountId,
    );
    if (!owner || (owner['count'] as number) >= most) return false;
    const added = yield* change(
      `INSERT INTO passkeys (${columns}, challenged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0)
       ON CONFLICT (id) DO NOTHING`,
      ...[id, accountId, name, publicKey, counter, JSON.stringify(transports), createdAt],
    );
    return added === 1;
  }),

  use: write(function* (id, { challengedAt, counter, now }) {
    const sql = `UPDATE passkeys SET challenged_at = $2, counter = $3, last_used_at = $4
       WHERE id = $1 AND challenged_at < $2`;
    return (yield* change(sql, id, challengedAt, counter, now)) === 1;
  }),

  remove: write(function* (accountId, id) {
    return (yield* change('DELETE FROM passkeys WHERE account_id = $1 AND id = $2', accountId, id)) === 1;
  }),

  removeOf: write(function* (accountId) {
    return yield* change('DELETE FROM passkeys WHERE account_id = $1', accountId);
  }),
};

function toPasskey(row: Row): Passkey {
  return present({
    id: row['id'] as string,
    accountId: row['account_id'] as string,
    name: row['name'] as string,
    publicKey: row['public_key'] as string,
    counter: row['counter'] as number,
    transports: JSON.parse(row['transports'] as string) as string[],
    createdAt: row['created_at'] as number,
    lastUsedAt: row['last_used_at'] as number | null,
  });
}
