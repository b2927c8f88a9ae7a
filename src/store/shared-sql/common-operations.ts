import type { CommonRoles } from '../common-roles.js';
import { accounts } from './accounts.js';
import { apiKeys } from './api-keys.js';
import { auditLog, auditLogReader } from './audit-log.js';
import { toRole, type Operation, type OperationsOf } from './operations.js';
import { sessions } from './sessions.js';
import { setup } from './setup.js';
import { signInFailures } from './sign-in-failures.js';

type CommonOperations = { readonly [Role in keyof CommonRoles]: OperationsOf<CommonRoles[Role]> };

export const commonOperations: CommonOperations = {
  accounts,
  setup,
  sessions,
  signInFailures,
  apiKeys,
  auditLog,
  auditLogReader,
};

/** One call of a method of one of the roles. */
export interface CommonCall {
  readonly role: keyof CommonRoles;
  readonly method: string;
  readonly operation: Operation<unknown[], unknown>;
  readonly args: unknown[];
}

/** The roles, whose every call is what `run` makes of it. */
export function toCommonRoles(run: (call: CommonCall) => Promise<unknown>): CommonRoles {
  return toRoles(run) as unknown as CommonRoles;
}

/** The same where `run` answers at once. */
export function toRoles(run: (call: CommonCall) => unknown): Record<keyof CommonRoles, object> {
  const entries = Object.entries(commonOperations) as [
    keyof CommonRoles,
    CommonOperations[keyof CommonRoles],
  ][];
  return Object.fromEntries(
    entries.map(([role, operations]) => [
      role,
      toRole(operations, (method, operation, args) => run({ role, method, operation, args })),
    ]),
  ) as Record<keyof CommonRoles, object>;
}
