import type { CommonRoles } from '../common-roles.js';
import { toCommonRoles, toRoles } from '../shared-sql/common-operations.js';
import { isReading } from '../shared-sql/operations.js';
import type { SqlDialect } from '../shared-sql/sql-dialect.js';
import type { Connection } from './connection.js';
import { idOfCallSql } from './journal-table.js';
import type { PortCaller } from './port-calls.js';
import { runOperation } from './run-work.js';

const dialect: SqlDialect = {
  ofCallId: (parameter) => `id = (${idOfCallSql.replace('?', parameter)})`,
  // There is one writer.
  held: '',
  claimed: '',
  entriesBeyond: (after, limit) =>
    `SELECT seq, type, source, call_id FROM journal WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`,
  entriesOfCall: (parameter) => `SELECT seq, type, source FROM journal WHERE call_id = ${parameter}`,
  lastSeq: 'SELECT max(seq) AS seq FROM journal',
  deleteEntry: ['DELETE FROM journal WHERE seq = $1 AND call_id = $2'],
};

/** The roles that are written once, on a connection; of one that only reads, what reads. */
export function commonRolesOn(connection: Connection): Record<keyof CommonRoles, object> {
  return toRoles(dialect, ({ operation, args }) => runOperation(connection, operation, args));
}

type Calls = Pick<PortCaller, 'call'>;

/** What reads is asked of `reader`, what writes of `writer`. */
export function commonRolesOver(reader: Calls, writer: Calls): CommonRoles {
  return toCommonRoles(dialect, ({ role, method, operation, args }) =>
    (isReading(operation) ? reader : writer).call(role, method, args),
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
