import { randomUUID } from 'node:crypto';
import { Auditor, earshotActor } from '../../access/auditor.js';
import { hashPassword } from '../../access/password.js';
import { AppError } from '../../domain/errors.js';
import type { AccountRole } from '../../domain/rights.js';
import type { Account, AccountChange } from '../../store/accounts.js';
import { openData, type DataSettings, type OpenData } from '../open-data.js';

/** The least that the API asks for, too (contract/session.ts). */
const minPasswordLength = 10;

export function listAccounts(config: DataSettings): Promise<Account[]> {
  return withData(config, ({ accounts }) => accounts.list());
}

/** Rejects with `name-taken`, or `usage-invalid` for a password that is too short. */
export function createAccount(
  config: DataSettings,
  person: { readonly name: string; readonly role: AccountRole; readonly password: string },
): Promise<Account> {
  const { name, role, password } = person;
  return withData(config, async (data) => {
    const passwordHash = await hashChecked(password);
    const created = await data.accounts.create({
      ...{ id: randomUUID(), name, role, passwordHash, now: Date.now() },
    });
    if (created === 'name-taken') throw new AppError('name-taken', `There is an account "${name}" already.`);
    await tell(data, 'account.created', created.id, { name, role });
    return created;
  });
}

/** All sessions of the account end, and what was counted of its failures to sign in is forgotten. */
export function setPassword(config: DataSettings, name: string, password: string): Promise<Account> {
  return withData(config, async (data) => {
    const passwordHash = await hashChecked(password);
    const changed = await change(data, name, { passwordHash, isDisabled: false }, { password: 'changed' });
    await data.signInFailures.clear(`name ${name.normalize('NFKC').toLowerCase()}`);
    return changed;
  });
}

/** Its sessions end; what it did stays. Rejects with `last-administrator`. */
export function disableAccount(config: DataSettings, name: string): Promise<Account> {
  return withData(config, (data) => change(data, name, { isDisabled: true }, { isDisabled: true }));
}

async function change(
  data: OpenData,
  name: string,
  changes: AccountChange,
  told: Readonly<Record<string, unknown>>,
): Promise<Account> {
  const found = await data.accounts.findByName(name);
  const changed = found ? await data.accounts.change(found.account.id, changes) : 'unknown';
  if (changed === 'last-administrator') {
    throw new AppError('last-administrator', `"${name}" is the only administrator.`);
  }
  if (typeof changed === 'string') throw new AppError('person-unknown', `There is no account "${name}".`);
  await data.sessions.closeOf(changed.id);
  await tell(data, 'account.changed', changed.id, told);
  return changed;
}

function tell(
  { auditLog }: OpenData,
  action: 'account.created' | 'account.changed',
  id: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const subject = { kind: 'account', id };
  const act = { actor: earshotActor, action, subject, detail: { ...detail, by: 'the command line' } };
  return new Auditor(auditLog, () => Date.now()).record(act);
}

function hashChecked(password: string): Promise<string> {
  if (password.length < minPasswordLength) {
    throw new AppError('usage-invalid', `A password has at least ${minPasswordLength} characters.`);
  }
  return hashPassword(password);
}

async function withData<T>(config: DataSettings, work: (data: OpenData) => Promise<T>): Promise<T> {
  const data = await openData(config, { mayCreate: true });
  try {
    return await work(data);
  } finally {
    await data.close();
  }
}
