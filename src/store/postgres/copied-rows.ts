import type { CopiedRow, CopiedValue } from '../copying.js';
import type { ColumnKind, CopiedTable } from '../rows/copied-tables.js';
import { toNumbers } from './row-arrays.js';

/** Columns of fewer bits take these by assignment. */
const columnTypes: Readonly<Record<ColumnKind, string>> = {
  integer: 'bigint',
  real: 'double precision',
  text: 'text',
  bytes: 'bytea',
};

/** Parameters of `unnestSql`: an array for each column. */
export function valuesOf({ columns }: Pick<CopiedTable, 'columns'>, rows: readonly CopiedRow[]): unknown[] {
  return Object.entries(columns).map(([column, kind]) => {
    const values = rows.map((row): CopiedValue => row[column] ?? null);
    return kind === 'integer' || kind === 'real' ? toNumbers(values as (number | null)[]) : values;
  });
}

/** The rows, as a table `told`. */
export function unnestSql({ columns }: Pick<CopiedTable, 'columns'>): string {
  const arrays = Object.values(columns).map((kind, index) => `$${index + 1}::${columnTypes[kind]}[]`);
  return `unnest(${arrays.join(', ')}) AS told (${Object.keys(columns).join(', ')})`;
}

/** What is there already stays as it is. */
export function insertMissingSql(table: CopiedTable): string {
  const columns = Object.keys(table.columns).join(', ');
  return `INSERT INTO ${table.name} (${columns}) SELECT ${columns} FROM ${unnestSql(table)} ON CONFLICT DO NOTHING`;
}

export function upsertSql(table: CopiedTable): string {
  const columns = Object.keys(table.columns);
  const assignments = columns.map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table.name} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM ${unnestSql(table)}
    ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${assignments.join(', ')}`;
}
