import type { Operation } from '../shared-sql/operations.js';
import type { Result, Rows, Statement as SqlStatement, Step, Work } from '../shared-sql/work.js';
import type { Connection, SqlValue } from './connection.js';

const nothing: Result = { rows: [], changes: 0 };

/** Runs an operation on a connection, in a transaction where it writes. Locks and wake-ups are for stores that are shared. */
export function runOperation<Args extends unknown[], T>(
  connection: Connection,
  { kind, work, isBrief }: Operation<Args, T>,
  args: Args,
): T {
  switch (isBrief?.(...args) === true ? 'brief' : kind) {
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
  switch (step.kind) {
    case 'statement':
      return runStatement(connection, step);
    case 'insert':
    case 'update':
      writeRows(connection, step);
      return nothing;
    case 'lock':
    case 'wake':
      return nothing;
  }
}

function runStatement(connection: Connection, { sql, parameters, gives }: SqlStatement): Result {
  const statement = connection.prepare(toNumbered(sql));
  const values = [...parameters] as SqlValue[];
  if (gives === 'rows') return { rows: statement.all(...values), changes: 0 };
  return { rows: [], changes: statement.run(...values).changes };
}

/** One after the other: within a transaction that costs SQLite no more than all at once. */
export function writeRows(
  connection: Connection,
  { kind, table, columns, rows, onConflict = '' }: Rows,
): void {
  const names = Object.keys(columns).filter((name) => kind === 'insert' || name !== 'id');
  const statement = connection.prepare(
    kind === 'insert'
      ? `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ${onConflict}`
      : `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
  );
  const written = kind === 'insert' ? names : [...names, 'id'];
  for (const row of rows) statement.run(...written.map((name) => row[name] as SqlValue));
}

const numbered = new Map<string, string>();

/** `$1` is the name of a parameter to SQLite, and `?1` its number. */
function toNumbered(sql: string): string {
  let known = numbered.get(sql);
  if (known === undefined) numbered.set(sql, (known = sql.replaceAll(/\$(\d+)/g, '?$1')));
  return known;
}
