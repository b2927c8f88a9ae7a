import type { CommonRoles } from '../common-roles.js';
import type { DeliverySettlement } from '../deliveries.js';
import { toCommonRoles, toRoles } from '../shared-sql/common-operations.js';
import { isReading } from '../shared-sql/operations.js';
import type { Connection, Synchronous } from './connection.js';
import type { PortCaller } from './port-calls.js';
import { runOperation } from './run-work.js';
import { sqliteDialect } from './sqlite-dialect.js';

/** The roles that are written once, on a connection; of one that only reads, what reads. */
export function commonRolesOn(connection: Connection) {
  const roles = toRoles(sqliteDialect, ({ operation, args }) =>
    runOperation(connection, operation, args),
  ) as unknown as { readonly [Role in keyof CommonRoles]: Synchronous<CommonRoles[Role]> };
  const { dispatch } = roles;
  return {
    ...roles,
    dispatch: {
      ...dispatch,
      settlePacked: (text: string) => dispatch.settle(JSON.parse(text) as DeliverySettlement[]),
    },
  };
}

type Calls = Pick<PortCaller, 'call'>;

/** What reads is asked of `reader`, what writes of `writer`. */
export function commonRolesOver(reader: Calls, writer: Calls): CommonRoles {
  return toCommonRoles(sqliteDialect, ({ role, method, operation, args }) => {
    // Settlements are deep objects, and cloning them took 6 % of the sending thread's time: they cross as one text.
    if (role === 'dispatch' && method === 'settle')
      return writer.call(role, 'settlePacked', [JSON.stringify(args[0])]);
    return (isReading(operation) ? reader : writer).call(role, method, args);
  });
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
