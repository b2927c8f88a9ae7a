import type { CopiedRow, CopiedValue } from '../copying.js';
import { workingColumns } from '../rows/copied-tables.js';
import type { Connection } from './connection.js';
import { noteStateChange } from './recording-states.js';

const columns = Object.keys(workingColumns);

/** Gives a recording what the source's has; nothing where the projection has not made it yet. The caller holds the transaction. */
export function copyRecording(connection: Connection, row: CopiedRow): void {
  const id = row['id'] as number;
  const known = connection.prepare('SELECT * FROM recordings WHERE id = ?').get(id);
  if (!known || columns.every((column) => known[column] === (row[column] ?? null))) return;
  const values = columns.map((column): CopiedValue => row[column] ?? null);
  connection
    .prepare(
      `UPDATE recordings SET leased_until = NULL, leased_link_seq = NULL, ${columns.map((column) => `${column} = ?`).join(', ')}
       WHERE id = ?`,
    )
    .run(...values, id);
  noteStateChange(connection, known['call'] as number, known['state'] as number, row['state'] as number);
}
