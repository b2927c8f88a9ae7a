import { fromRecordingId } from '../rows/recording-row.js';
import type { Transaction } from './database.js';
import { changingColumns, recordingColumnNames, type RecordingRow } from './projected-rows.js';
import { addToCounts, restateCalls } from './recording-states.js';
import { toArrays, updateSql } from './row-arrays.js';
import type { Columns } from '../rows/row.js';

/**
 * Locks a recording, its call before it: whoever changes a state holds the call, so that the states of one call are
 * changed by one at a time. Undefined: there is none by this id.
 */
export async function lockRecording(transaction: Transaction, id: string): Promise<RecordingRow | undefined> {
  const number = fromRecordingId(id);
  await transaction.run(
    'SELECT id FROM calls WHERE id = (SELECT call FROM recordings WHERE id = $1) FOR UPDATE',
    [number],
  );
  return await lockRecordingAlone(transaction, number);
}

/** For what changes no state. */
export async function lockRecordingAlone(
  { run }: Transaction,
  number: number,
): Promise<RecordingRow | undefined> {
  const { rows } = await run(`SELECT ${recordingColumnNames} FROM recordings WHERE id = $1 FOR UPDATE`, [
    number,
  ]);
  return rows[0] as RecordingRow | undefined;
}

const writtenColumns = { id: 'bigint', ...changingColumns } as const satisfies Columns;
const writeSql = updateSql('recordings', writtenColumns);

/** A locked row, as it was read and as it is to be. */
export interface ChangedRow {
  readonly before: RecordingRow;
  readonly after: RecordingRow;
}

/** Writes changed recordings, the states of their calls, and the counts. They and their calls are locked. */
export async function writeRecordings(
  transaction: Transaction,
  changed: readonly ChangedRow[],
): Promise<void> {
  if (changed.length === 0) return;
  await transaction.run(
    writeSql,
    toArrays(
      changed.map(({ after }) => after),
      writtenColumns,
    ),
  );
  const differences = new Map<number, number>();
  const calls = new Set<number>();
  for (const { before, after } of changed) {
    if (before.state === after.state) continue;
    differences.set(before.state, (differences.get(before.state) ?? 0) - 1);
    differences.set(after.state, (differences.get(after.state) ?? 0) + 1);
    calls.add(after.call);
  }
  await restateCalls(transaction, [...calls]);
  await addToCounts(transaction, differences);
}
