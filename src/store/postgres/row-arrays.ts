import type { Columns, Row } from '../rows/row.js';

/**
 * Rows on their way to `unnest`: an array for each column. Numbers go as the text of an array, since `pg` would put
 * each into quotes of its own.
 */
export function toArrays(rows: readonly Row[], columns: Columns): (string | (string | null)[])[] {
  return Object.entries(columns).map(([name, type]) =>
    type === 'text'
      ? rows.map((row) => (row[name] as string | null | undefined) ?? null)
      : toNumbers(rows.map((row) => row[name] as number | null)),
  );
}

export function toNumbers(values: readonly (number | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}}`;
}

/** What holds neither quotes nor commas: UUIDs. */
export function toUuids(values: readonly (string | undefined)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** Where each of what is so long begins in the one value that they become; PostgreSQL counts from 1. */
export function beginningsOf(lengths: readonly number[]): number[] {
  let next = 1;
  return lengths.map((length) => {
    const begins = next;
    next += length;
    return begins;
  });
}

export function insertSql(table: string, columns: Columns): string {
  const names = Object.keys(columns).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${unnestSql(columns)}`;
}

/** Rows are found by their `id`; every other column is set. */
export function updateSql(table: string, columns: Columns): string {
  const assignments = Object.keys(columns)
    .filter((name) => name !== 'id')
    .map((name) => `${name} = told.${name}`);
  return `UPDATE ${table} SET ${assignments.join(', ')} FROM ${unnestSql(columns)} WHERE ${table}.id = told.id`;
}

/** The rows as a table by the name of `told`. */
export function unnestSql(columns: Columns): string {
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS told (${Object.keys(columns).join(', ')})`;
}
