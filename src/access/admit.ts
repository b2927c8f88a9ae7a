import { type AccountRole, accountRoles } from '../domain/rights.js';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../domain/clock.js';
import type { Account, Accounts } from '../store/accounts.js';
import { earshotActor, nobodyActor, type Auditor } from './auditor.js';
import type { Admission } from './single-sign-on.js';

/** How what somebody is elsewhere becomes what they are here. */
interface RoleRules {
  /** The claim that holds their groups; `realm_access.roles` is looked for inside `realm_access`, too, `groups.code` in each of `groups`. */
  readonly rolesClaim: string;
  /** Role by group. */
  readonly roles: ReadonlyMap<string, AccountRole>;
}

/** Of several groups the role that may most; undefined where none of them has one. */
export function roleOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { rolesClaim, roles }: RoleRules,
): AccountRole | undefined {
  const mapped = new Set(groupsOf(claims, rolesClaim).map((group) => roles.get(group)));
  return accountRoles.find((role) => mapped.has(role));
}

/**
 * The groups that a claim names, each as it is: a text is one group, whatever is in it, and a list holds several. Of
 * what is neither, nothing has a role; it is told as JSON to whoever looks for the cause.
 */
export function groupsOf(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = claims[claim] ?? claim.split('.').reduce<unknown>(memberOf, claims);
  if (value === undefined || value === null) return [];
  return [value].flat().map((group) => (typeof group === 'string' ? group : JSON.stringify(group)));
}

/** Of a list: of each of its members. */
function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((one) => memberOf(one, name)).filter((one) => one !== undefined);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

interface AdmitDeps {
  readonly accounts: Pick<Accounts, 'findByIdentity' | 'create' | 'change'>;
  readonly auditor: Pick<Auditor, 'record'>;
  /** Of those whose groups have no role; absent: they are refused. */
  readonly rules: RoleRules & { readonly defaultRole?: AccountRole };
  readonly newId: () => string;
  readonly clock: Clock;
}

/**
 * The account of somebody who has signed in elsewhere; made where there is none. Their role follows their groups at
 * each sign-in; where no group has a role they keep what an administrator gave them. An account that was made here
 * is never taken over, whatever its name. Rejects with `single-sign-on-refused` or `account-disabled`.
 */
export async function admit(admission: Admission, address: string, deps: AdmitDeps): Promise<Account> {
  const { issuer, subject, claims } = admission;
  const { accounts, rules } = deps;
  const found = await accounts.findByIdentity({ issuer, subject });
  const mapped = roleOfClaims(claims, rules);
  const kept = rules.roles.size === 0 ? found?.role : undefined;
  const role = mapped ?? kept ?? rules.defaultRole;
  if (role === undefined) {
    await tellGroups(admission, address, deps);
    throw new AppError('single-sign-on-refused', 'None of your groups has a role in this Earshot.');
  }
  if (!found) return create(admission, role, deps);
  if (found.isDisabled) throw new AppError('account-disabled', 'This account is disabled.');
  return found.role === role ? found : follow(found, role, deps);
}

/** Of more than these, and of longer ones, whoever looks for the cause learns nothing. */
const toldGroups = 50;
const toldLength = 200;

/** Administrators see in the audit log which groups came: how they are written is all that is ever wrong with them. */
async function tellGroups(
  { issuer, subject, claims }: Admission,
  address: string,
  { auditor, rules: { rolesClaim } }: AdmitDeps,
): Promise<void> {
  const groups = groupsOf(claims, rolesClaim);
  await auditor.record({
    actor: nobodyActor,
    action: 'session.refused',
    detail: {
      ...{ by: 'single sign-on', why: 'no group has a role', issuer, subject: subject.slice(0, toldLength) },
      ...{ claim: rolesClaim, groups: groups.slice(0, toldGroups).map((one) => one.slice(0, toldLength)) },
      ...(groups.length > toldGroups ? { groupsInAll: groups.length } : {}),
    },
    address,
  });
}

async function follow(
  account: Account,
  role: AccountRole,
  { accounts, auditor }: AdmitDeps,
): Promise<Account> {
  const changed = await accounts.change(account.id, { role });
  // The last administrator stays one: somebody has to give the role to another first.
  if (typeof changed === 'string') return account;
  await auditor.record({
    actor: earshotActor,
    action: 'account.changed',
    subject: { kind: 'account', id: account.id },
    detail: { role, by: 'single sign-on' },
  });
  return changed;
}

async function create(
  { issuer, subject, claims }: Admission,
  role: AccountRole,
  { accounts, auditor, newId, clock }: AdmitDeps,
): Promise<Account> {
  const displayName = textOf(claims['name']);
  for (const name of namesOf(claims, issuer, subject)) {
    const created = await accounts.create({
      ...{ id: newId(), name, role, identity: { issuer, subject }, now: clock() },
      ...(displayName === undefined ? {} : { displayName }),
    });
    if (created === 'name-taken') continue;
    await auditor.record({
      actor: earshotActor,
      action: 'account.created',
      subject: { kind: 'account', id: created.id },
      detail: { name, role, by: 'single sign-on' },
    });
    return created;
  }
  throw new AppError('single-sign-on-refused', 'Your name here is taken by another account.');
}

/** What they are called there, or something that nobody else is called. */
function namesOf(claims: Admission['claims'], issuer: string, subject: string): string[] {
  const given = [claims['preferred_username'], claims['email'], claims['name']].map(textOf);
  const names = given.filter((name) => name !== undefined);
  const { host } = new URL(issuer);
  return [
    ...names,
    ...names.slice(0, 1).map((name) => `${name} (${host})`),
    `${subject.slice(0, 150)} (${host})`,
  ];
}

function textOf(claim: unknown): string | undefined {
  const text = typeof claim === 'string' ? claim.trim().slice(0, 200) : '';
  return text === '' ? undefined : text;
}
