import type { SqlParameter } from './work.js';

/** Values by their column, in the order in which they are the statement's parameters. */
type Values = Readonly<Record<string, SqlParameter>>;

export function insertSql(table: string, values: Values): string {
  const columns = Object.keys(values);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;
}

/** Of the row whose `id` is `$1`; the values follow. */
export function updateSql(table: string, values: Values): string {
  const assignments = Object.keys(values).map((column, index) => `${column} = $${index + 2}`);
  return `UPDATE ${table} SET ${assignments.join(', ')} WHERE id = $1`;
}

/**
 * `$1, $2, …`: as many as a list of so many needs, rounded up to a power of two so that statements stay few. `toSql`
 * makes more of each.
 */
export function placeholders(count: number, toSql = (parameter: string): string => parameter): string {
  return Array.from({ length: roomFor(count) }, (_, index) => toSql(`$${index + 1}`)).join(', ');
}

/** The list as it fills these placeholders: its last value is repeated. */
export function filled<T>(values: readonly T[]): T[] {
  const last = values.slice(-1);
  return [...values, ...Array.from({ length: roomFor(values.length) - values.length }, () => last).flat()];
}

/** A power of two, as large as the count or larger. */
export function roomFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, count)));
}

type Present<T> = {
  readonly [K in keyof T as null extends T[K] ? never : K]: T[K];
} & {
  readonly [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** Without the members that are null: a column without a value is a member that is absent. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Present<T>;
}
