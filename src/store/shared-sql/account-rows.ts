import type { AccountRole } from '../../domain/rights.js';
import type { Account, AccountChange, NewAccount } from '../accounts.js';
import type { Row } from '../rows/row.js';
import { present } from './row-sql.js';
import type { SqlParameter } from './work.js';

export const accountColumns = [
  'id',
  'name',
  'display_name',
  'role',
  'may_listen',
  'may_download',
  'password_hash',
  'issuer',
  'subject',
  'is_disabled',
  'created_at',
  'last_seen_at',
  'totp_secret',
] as const;

export function toAccount(row: Row): Account {
  const { issuer, subject } = row as { issuer: string | null; subject: string };
  return present({
    id: row['id'] as string,
    name: row['name'] as string,
    displayName: row['display_name'] as string | null,
    role: row['role'] as AccountRole,
    mayListen: toTruth(row['may_listen']),
    mayDownload: toTruth(row['may_download']),
    hasPassword: row['password_hash'] !== null,
    hasSecondFactor: row['totp_secret'] !== null,
    identity: issuer === null ? null : { issuer, subject },
    isDisabled: row['is_disabled'] === 1,
    createdAt: row['created_at'] as number,
    lastSeenAt: row['last_seen_at'] as number | null,
  });
}

/** By column. */
export function toNewRow(account: NewAccount): Record<string, SqlParameter> {
  const { id, name, displayName, role, mayListen, mayDownload, passwordHash, identity, now } = account;
  return {
    id,
    ...toChangedColumns({ name, displayName, role, mayListen, mayDownload, isDisabled: false }),
    password_hash: passwordHash ?? null,
    issuer: identity?.issuer ?? null,
    subject: identity?.subject ?? null,
    created_at: now,
  };
}

/** Of what is to be changed, by column. */
export function toChangedColumns(change: AccountChange): Record<string, SqlParameter> {
  const columns: Record<string, SqlParameter> = {};
  const { name, displayName, role, mayListen, mayDownload, passwordHash, isDisabled, lastSeenAt } = change;
  if (name !== undefined) Object.assign(columns, { name, name_key: nameKeyOf(name) });
  if ('displayName' in change) columns['display_name'] = displayName ?? null;
  if (role !== undefined) columns['role'] = role;
  if ('mayListen' in change) columns['may_listen'] = toFlag(mayListen);
  if ('mayDownload' in change) columns['may_download'] = toFlag(mayDownload);
  if (passwordHash !== undefined) columns['password_hash'] = passwordHash;
  if (isDisabled !== undefined) columns['is_disabled'] = isDisabled ? 1 : 0;
  if (lastSeenAt !== undefined) columns['last_seen_at'] = lastSeenAt;
  return columns;
}

/** What tells names apart: neither their case nor how their characters are put together. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function toTruth(value: unknown): boolean | null {
  return value === null ? null : value === 1;
}

function toFlag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
}
