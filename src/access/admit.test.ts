import { describe, expect, it } from 'vitest';
import { groupsOf, roleOfClaims } from './admit.js';

const roles = new Map([
  ['admins', 'administrator'],
  ['Sales admins', 'viewer'],
  ['cn=admins,ou=groups', 'operator'],
] as const);
const roleOf = (claim: unknown, rolesClaim = 'groups') =>
  roleOfClaims({ [rolesClaim.split('.')[0] ?? '']: claim }, { rolesClaim, roles });

describe('the role of what a provider says', () => {
  it.each([
    ['admins', 'administrator'],
    [['staff', 'admins'], 'administrator'],
    ['Sales admins', 'viewer'],
    [['cn=admins,ou=groups'], 'operator'],
    ['staff admins', undefined],
    ['staff,admins', undefined],
    ['Admins', undefined],
    [' admins', undefined],
    [['staff admins'], undefined],
    [{ admins: true }, undefined],
    [[{ code: 'admins' }], undefined],
    [[['admins']], undefined],
    [undefined, undefined],
    [7, undefined],
  ])('matches groups exactly: %j', (claim, role) => {
    expect(roleOf(claim)).toBe(role);
  });

  it('is found inside, also in each of a list', () => {
    expect(roleOf({ roles: ['admins'] }, 'realm_access.roles')).toBe('administrator');
    expect(roleOf([{ code: 'staff' }, {}, { code: 'admins' }], 'groups.code')).toBe('administrator');
    expect(roleOf(['admins'], '__proto__.x')).toBeUndefined();
  });

  it('is told apart from what came: groups that are none are shown as they are', () => {
    expect(groupsOf({ groups: ['a', { code: 'b' }, 7] }, 'groups')).toEqual(['a', '{"code":"b"}', '7']);
    expect(groupsOf({}, 'groups')).toEqual([]);
    expect(groupsOf({ groups: null }, 'groups')).toEqual([]);
  });
});
