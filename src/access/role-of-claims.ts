import { accountRoles, type AccountRole } from '../domain/rights.js';

/** How what somebody is elsewhere becomes what they are here. */
export interface RoleRules {
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
