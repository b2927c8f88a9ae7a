import type { CommonRoles } from '../common-roles.js';
import { toCommonRoles, toRoles } from '../shared-sql/common-operations.js';
import type { SqlDialect } from '../shared-sql/sql-dialect.js';
import type { Connection } from './connection.js';
import { idOfCallSql } from './journal-table.js';
import type { PortCaller } from './port-calls.js';
import { runOperation } from './run-work.js';

const dialect: SqlDialect = {
  ofCallId: (parameter) => `id = (${idOfCallSql.replace('?', parameter)})`,
  // There is one writer.
  held: '',
};

/** The roles that are written once, on a connection; of one that only reads, what reads. */
export function commonRolesOn(connection: Connection): Record<keyof CommonRoles, object> {
  return toRoles(dialect, ({ operation, args }) => runOperation(connection, operation, args));
}

type Calls = Pick<PortCaller, 'call'>;

/** What reads is asked of `reader`, what writes of `writer`. */
export function commonRolesOver(reader: Calls, writer: Calls): CommonRoles {
  return toCommonRoles(dialect, ({ role, method, operation, args }) =>
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
