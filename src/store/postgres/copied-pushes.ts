import type { CopiedRow } from '../copying.js';
import { copiedTables } from '../rows/copied-tables.js';
import { unnestSql, valuesOf } from './copied-rows.js';
import type { Database } from './database.js';

/** Under their ids and keys. A push never changes: one that is there stays as it is. */
export async function copyPushes(database: Database, rows: readonly CopiedRow[]): Promise<void> {
  const columns = Object.keys(copiedTables.pushes.columns);
  const selected = columns.map((column) => (column === 'key' ? 'key::uuid' : column));
  await database.run(
    `INSERT INTO pushes (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM ${unnestSql(copiedTables.pushes)}
     ON CONFLICT DO NOTHING`,
    valuesOf(copiedTables.pushes, rows),
  );
}
