import type { Columns, Row } from '../rows/row.js';
import type { WakeUp } from '../shared-roles.js';

/**
 * What a role does, written once for both back ends: a generator that yields steps, is handed what each gave, and
 * returns a domain value. Nothing in it waits, so a synchronous driver runs it in a thread of the embedded store and an
 * asynchronous one on PostgreSQL (docs/adr/0009-roles-written-once.md). It keeps nothing of an earlier run: a transaction that
 * PostgreSQL undid is run again from its beginning.
 */
export type Work<T> = Generator<Step, T, Result>;

export type Step = Statement | Rows | Lock | Wake;

/** Lists come from PostgreSQL's dialect alone. */
export type SqlParameter = string | number | Uint8Array | null | readonly (string | null)[];

/** SQL that both back ends understand, with parameters `$1`, `$2`, … */
export interface Statement {
  readonly kind: 'statement';
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  /** Whether it is there for its rows, or for how many it changed. */
  readonly gives: 'rows' | 'changes';
}

/** Rows of one table, however many: PostgreSQL writes all of them with one statement. */
export interface Rows {
  readonly kind: 'insert' | 'update';
  readonly table: string;
  /** Those that are written. An update finds its row by `id`. */
  readonly columns: Columns;
  readonly rows: readonly Row[];
  /** Behind an insert. */
  readonly onConflict?: string;
}

/** Held until the transaction ends. The embedded store has one writer, which needs none. */
export interface Lock {
  readonly kind: 'lock';
  readonly name: LockName;
}
export type LockName = 'accounts' | 'audit-log' | 'jobs' | 'link-keys';

/** Other processes hear of it once the transaction has ended. */
export interface Wake {
  readonly kind: 'wake';
  readonly wakeUp: WakeUp;
}

export interface Result {
  readonly rows: Row[];
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
}

export function* rowsOf(sql: string, ...parameters: SqlParameter[]): Work<Row[]> {
  return (yield { kind: 'statement', sql, parameters, gives: 'rows' }).rows;
}

export function* rowOf(sql: string, ...parameters: SqlParameter[]): Work<Row | undefined> {
  return (yield* rowsOf(sql, ...parameters))[0];
}

/** Returns how many rows were inserted, updated or deleted. */
export function* change(sql: string, ...parameters: SqlParameter[]): Work<number> {
  return (yield { kind: 'statement', sql, parameters, gives: 'changes' }).changes;
}

export function* insertRows(
  table: string,
  columns: Columns,
  rows: readonly Row[],
  onConflict = '',
): Work<void> {
  if (rows.length > 0) yield { kind: 'insert', table, columns, rows, onConflict };
}

export function* updateRows(table: string, columns: Columns, rows: readonly Row[]): Work<void> {
  if (rows.length > 0) yield { kind: 'update', table, columns, rows };
}

export function* lock(name: LockName): Work<void> {
  yield { kind: 'lock', name };
}

export function* wake(wakeUp: WakeUp): Work<void> {
  yield { kind: 'wake', wakeUp };
}
