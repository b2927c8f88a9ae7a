import type { Operation } from '../shared-sql/operations.js';
import type { Result, SqlParameter, Step, Work } from '../shared-sql/work.js';
import type { Connection } from './connection.js';

const nothing: Result = { rows: [], changes: 0 };

/** Runs an operation on a connection, in a transaction where it writes. Locks and wake-ups are for stores that are shared. */
export function runOperation<Args extends unknown[], T>(
  connection: Connection,
  { kind, work }: Operation<Args, T>,
  args: Args,
): T {
  switch (kind) {
    case 'read':
    case 'page':
      return runWork(connection, work(...args));
    case 'write':
      return connection.transaction(() => runWork(connection, work(...args)));
    case 'brief':
      return connection.briefTransaction(() => runWork(connection, work(...args)));
  }
}

function runWork<T>(connection: Connection, work: Work<T>): T {
  let next = work.next();
  while (next.done !== true) next = work.next(runStep(connection, next.value));
  return next.value;
}

function runStep(connection: Connection, step: Step): Result {
  if (step.kind !== 'statement') return nothing;
  const statement = connection.prepare(toNumbered(step.sql));
  const parameters: SqlParameter[] = [...step.parameters];
  if (step.gives === 'rows') return { rows: statement.all(...parameters), changes: 0 };
  return { rows: [], changes: statement.run(...parameters).changes };
}

const numbered = new Map<string, string>();

/** `$1` is the name of a parameter to SQLite, and `?1` its number. */
function toNumbered(sql: string): string {
  let known = numbered.get(sql);
  if (known === undefined) numbered.set(sql, (known = sql.replaceAll(/\$(\d+)/g, '?$1')));
  return known;
}
