import type { Account, AccountChange, AccountRefusal, Accounts, NewAccount } from '../accounts.js';
import type { Row } from '../rows/row.js';
import { accountColumns, nameKeyOf, toAccount, toChangedColumns, toNewRow } from './account-rows.js';
import { read, write, type OperationsOf } from './operations.js';
import { insertSql, updateSql } from './row-sql.js';
import { change, lock, rowOf, rowsOf, type Work } from './work.js';

const columns = accountColumns.join(', ');

/** Whoever changes accounts does so alone: names are unique, and an administrator remains. */
export const accounts: OperationsOf<Accounts> = {
  create: write(function* (account) {
    yield* lock('accounts');
    return (yield* insertAccount(account)) ?? 'name-taken';
  }),

  list: read(function* () {
    return (yield* rowsOf(`SELECT ${columns} FROM accounts ORDER BY created_at, id`)).map(toAccount);
  }),

  get: read(function* (id) {
    const row = yield* findRow(id);
    return row && toAccount(row);
  }),

  findByName: read(function* (name) {
    const row = yield* rowOf(`SELECT ${columns} FROM accounts WHERE name_key = $1`, nameKeyOf(name));
    if (!row) return undefined;
    const passwordHash = row['password_hash'] as string | null;
    return { account: toAccount(row), ...(passwordHash === null ? {} : { passwordHash }) };
  }),

  findByIdentity: read(function* ({ issuer, subject }) {
    const row = yield* rowOf(
      `SELECT ${columns} FROM accounts WHERE issuer = $1 AND subject = $2`,
      issuer,
      subject,
    );
    return row && toAccount(row);
  }),

  change: write(function* (id, changed) {
    // Of what no rule is about: many are seen at a time.
    if (Object.keys(changed).some((name) => name !== 'lastSeenAt')) yield* lock('accounts');
    const row = yield* findRow(id);
    if (!row) return 'unknown';
    return (yield* refusalOf(toAccount(row), changed)) ?? (yield* updateAccount(row, changed));
  }),

  remove: write(function* (id) {
    yield* lock('accounts');
    const row = yield* findRow(id);
    if (!row) return 'unknown';
    if (administers(toAccount(row)) && !(yield* hasAnotherAdministrator(id))) return 'last-administrator';
    yield* change('DELETE FROM sessions WHERE account_id = $1', id);
    yield* change('DELETE FROM passkeys WHERE account_id = $1', id);
    yield* change('DELETE FROM saved_views WHERE owner_id = $1 AND is_shared = 0', id);
    yield* change('DELETE FROM accounts WHERE id = $1', id);
    return 'removed';
  }),
};

/** Undefined: somebody has the name, or the identity. */
export function* insertAccount(account: NewAccount): Work<Account | undefined> {
  const values = toNewRow(account);
  const row = yield* rowOf(
    `${insertSql('accounts', values)} ON CONFLICT DO NOTHING RETURNING ${columns}`,
    ...Object.values(values),
  );
  return row && toAccount(row);
}

function* refusalOf(account: Account, changed: AccountChange): Work<AccountRefusal | undefined> {
  if (changed.name !== undefined) {
    const other = yield* rowOf(
      'SELECT 1 FROM accounts WHERE name_key = $1 AND id <> $2',
      nameKeyOf(changed.name),
      account.id,
    );
    if (other) return 'name-taken';
  }
  const after = {
    role: changed.role ?? account.role,
    isDisabled: changed.isDisabled ?? account.isDisabled,
  };
  const steps = administers(account) && !administers(after);
  return steps && !(yield* hasAnotherAdministrator(account.id)) ? 'last-administrator' : undefined;
}

function* updateAccount(row: Row, changed: AccountChange): Work<Account> {
  const values = toChangedColumns(changed);
  if (Object.keys(values).length === 0) return toAccount(row);
  const after = yield* rowOf(
    `${updateSql('accounts', values)} RETURNING ${columns}`,
    row['id'] as string,
    ...Object.values(values),
  );
  if (!after) throw new Error('an account that was changed is not there');
  return toAccount(after);
}

function administers({ role, isDisabled }: Pick<Account, 'role' | 'isDisabled'>): boolean {
  return role === 'administrator' && !isDisabled;
}

function* hasAnotherAdministrator(id: string): Work<boolean> {
  const row = yield* rowOf(
    `SELECT 1 FROM accounts WHERE role = 'administrator' AND is_disabled = 0 AND id <> $1 LIMIT 1`,
    id,
  );
  return row !== undefined;
}

function* findRow(id: string): Work<Row | undefined> {
  return yield* rowOf(`SELECT ${columns} FROM accounts WHERE id = $1`, id);
}
