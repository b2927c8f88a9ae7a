import { randomUUID } from 'node:crypto';
import { hashNewPassword, type WhosePassword } from '../../access/passwords.js';
import { minPasswordLength } from '../../contract/form-values.js';
import { AppError } from '../../domain/errors.js';
import type { AccountRole } from '../../domain/rights.js';
import type { Account, AccountChange } from '../../store/accounts.js';
import { type Config, toUrl } from '../../settings/config.js';
import { type DataSettings, type OpenData, tellAuditLog, withData } from '../open-data.js';
import { makeSetupLink } from '../access.js';

export function listAccounts(config: DataSettings): Promise<Account[]> {
  return withData(config, ({ accounts }) => accounts.list());
}

/** Rejects with `name-taken`, or `usage-invalid`, `password-common` and its like for a password that is too short or easily guessed. */
export function createAccount(
  config: DataSettings,
  person: { readonly name: string; readonly role: AccountRole; readonly password: string },
): Promise<Account> {
  const { name, role, password } = person;
  const make = async (data: OpenData) => {
    const passwordHash = await hashChecked(password, { name });
    const created = await data.accounts.create({
      ...{ id: randomUUID(), name, role, passwordHash, now: Date.now() },
    });
    if (created === 'name-taken') throw new AppError('name-taken', `There is an account "${name}" already.`);
    await tellAuditLog(data, 'account.created', { kind: 'account', id: created.id }, { name, role });
    return created;
  };
  return withData(config, make, { mayCreate: true });
}

/** A new link that makes the first account. Rejects with `setup-done` where there is one. */
export function makeSetupLinkFor(config: Config): Promise<string> {
  return withData(config, async (data) => {
    const link = await makeSetupLink(data, config.publicUrl ?? toUrl(config), () => Date.now());
    if (link === undefined) throw new AppError('setup-done', 'There is an account already.');
    return link;
  });
}

/** All sessions of the account end, and what was counted of its failures to sign in is forgotten. */
export function setPassword(config: DataSettings, name: string, password: string): Promise<Account> {
  return withData(config, async (data) => {
    const found = await data.accounts.findByName(name);
    const passwordHash = await hashChecked(password, found?.account ?? { name });
    const changed = await change(data, name, { passwordHash, isDisabled: false }, { password: 'changed' });
    await data.signInFailures.clear(`name ${name.normalize('NFKC').toLowerCase()}`);
    return changed;
  });
}

/** Its sessions end; what it did stays. Rejects with `last-administrator`. */
export function disableAccount(config: DataSettings, name: string): Promise<Account> {
  return withData(config, (data) => change(data, name, { isDisabled: true }, { isDisabled: true }));
}

/** For somebody who has lost it, or a passkey: the password is enough then, and needed. */
export function removeSecondFactor(config: DataSettings, name: string): Promise<void> {
  return withData(config, async (data) => {
    const found = await data.accounts.findByName(name);
    if (!found) throw new AppError('person-unknown', `There is no account "${name}".`);
    const { id } = found.account;
    await data.secondFactors.set(id, undefined);
    const passkeys = await data.passkeys.removeOf(id);
    const told = { secondFactor: 'off', ...(passkeys > 0 ? { passkeys } : {}) };
    await tellAuditLog(data, 'account.changed', { kind: 'account', id }, told);
  });
}

/** Returns how many sessions of the account have ended. */
export function endSessions(config: DataSettings, name: string): Promise<number> {
  return withData(config, async (data) => {
    const found = await data.accounts.findByName(name);
    if (!found) throw new AppError('person-unknown', `There is no account "${name}".`);
    const sessions = await data.sessions.closeOf(found.account.id);
    await tellAuditLog(data, 'session.closed', { kind: 'account', id: found.account.id }, { sessions });
    return sessions;
  });
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
  await tellAuditLog(data, 'account.changed', { kind: 'account', id: changed.id }, told);
  return changed;
}

function hashChecked(password: string, whose: WhosePassword): Promise<string> {
  if (password.length < minPasswordLength) {
    throw new AppError('usage-invalid', `A password has at least ${minPasswordLength} characters.`);
  }
  return hashNewPassword(password, whose);
}
