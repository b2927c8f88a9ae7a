import type { CommonRoles } from '../common-roles.js';
import { toCommonRoles, toRoles } from '../shared-sql/common-operations.js';
import type { Connection } from './connection.js';
import type { PortCaller } from './port-calls.js';
import { runOperation } from './run-work.js';

/** The roles that are written once, on a connection; of one that only reads, what reads. */
export function commonRolesOn(connection: Connection): Record<keyof CommonRoles, object> {
  return toRoles(({ operation, args }) => runOperation(connection, operation, args));
}

type Calls = Pick<PortCaller, 'call'>;

/** What reads is asked of `reader`, what writes of `writer`. */
export function commonRolesOver(reader: Calls, writer: Calls): CommonRoles {
  return toCommonRoles(({ role, method, operation, args }) =>
    (operation.kind === 'read' ? reader : writer).call(role, method, args),
  );
}

/** Roles in this thread, as the end of a port would have them. */
export function callsOn(roles: object): Calls {
  return {
    call: async (role, method, args) => {
      const target = Reflect.get(roles, role) as Record<string, (...args: readonly unknown[]) => unknown>;
      return await target[method]?.(...args);
    },
  };
}
