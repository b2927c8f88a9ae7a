import { accountRoles, type AccountRole } from '../domain/rights.js';

/** How what somebody is elsewhere becomes what they are here. */
export interface RoleRules {
  /** The claim that holds their groups; `realm_access.roles` is looked for inside `realm_access`, too. */
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

/** What a claim holds: a list, one group, or several in one text. */
function groupsOf(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = claims[claim] ?? claim.split('.').reduce<unknown>(memberOf, claims);
  if (typeof value === 'string') return [value, ...value.split(/[\s,]+/)].filter((group) => group !== '');
  return Array.isArray(value) ? value.filter((group) => typeof group === 'string') : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
