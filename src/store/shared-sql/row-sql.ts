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
