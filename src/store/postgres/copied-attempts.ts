import type { CopiedRow } from '../copying.js';
import { copiedTables } from '../rows/copied-tables.js';
import { unnestSql, valuesOf } from './copied-rows.js';
import type { Database } from './database.js';
import { toMonth, type Partitions } from './partitions.js';

/** What an attempt was an attempt at: together with its id there is an index on it, and none on the id alone. */
const subjects = { attempts: 'recording_id', deliveryAttempts: 'delivery' } as const;

/** Attempts of either kind, each into the month of its instant. Those that are there stay as they are. */
export async function copyAttempts(
  database: Database,
  partitions: Partitions,
  section: 'attempts' | 'deliveryAttempts',
  rows: readonly CopiedRow[],
): Promise<void> {
  const { name, columns } = copiedTables[section];
  const withMonth = { columns: { ...columns, month: 'integer' } } as const;
  const monthly = rows.map((row) => ({ ...row, month: toMonth(row['at'] as number) }));
  await partitions.need(name, [...new Set(monthly.map(({ month }) => month))]);
  const names = Object.keys(withMonth.columns).join(', ');
  const subject = subjects[section];
  await database.run(
    `INSERT INTO ${name} (${names}) SELECT ${names} FROM ${unnestSql(withMonth)}
     WHERE NOT EXISTS (SELECT FROM ${name} AS known WHERE known.${subject} = told.${subject} AND known.id = told.id)`,
    valuesOf(withMonth, monthly),
  );
}
