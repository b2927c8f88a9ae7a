import { foldChanges, type FoldedRows, type KnownRows } from '../fold/projection.js';
import type { Change, Projection } from '../projection.js';
import { callColumns, toldColumns } from '../rows/call-row.js';
import { changingColumns, recordingColumns } from '../rows/recording-row.js';
import type { Columns, Row } from '../rows/row.js';
import type { Database, Transaction } from './database.js';
import { loadKnown } from './projection-load.js';
import { addToCounts, statesOf } from './recording-states.js';
import { insertSql, toArrays, toNumbers, unnestSql, updateSql } from './row-arrays.js';

/**
 * Folds journal entries into calls and recordings: what a batch speaks of is read, folded in memory and written, in
 * a few statements each, whatever its size. Whoever projects holds the row of the projector's cursor, so two
 * processes that both believe that it is their duty do it one after the other, and the second finds nothing to do.
 * Calls are locked before their recordings, recordings in the order of their ids, counts at the end: as whoever
 * settles a download does.
 */
export class ProjectionTable implements Projection {
  constructor(private readonly database: Database) {}

  async apply(changes: readonly Change[], cursor: number): Promise<void> {
    await this.database.transaction(
      async (transaction) => {
        const seen = await holdProjectorCursor(transaction);
        await foldInto(
          transaction,
          changes.filter(({ seq }) => seq > seen),
        );
        if (cursor <= seen) return;
        await transaction.run(`UPDATE cursors SET position = $1 WHERE name = 'projector'`, [cursor]);
      },
      { looksUp: true },
    );
  }
}

/** Where the projector stands; it stays there until the transaction ends. */
export async function holdProjectorCursor({ run }: Transaction): Promise<number> {
  const { rows } = await run(`SELECT position FROM cursors WHERE name = 'projector' FOR UPDATE`);
  return rows[0]?.['position'] as number;
}

/** Folds the changes, in order, into the tables with this suffix; without one, into those in use. */
export async function foldInto(
  transaction: Transaction,
  changes: readonly Change[],
  suffix = '',
): Promise<void> {
  if (changes.length === 0) return;
  const known = await loadKnown(transaction, changes, suffix);
  const folded = foldChanges(known, changes, suffix === '');
  await write(transaction, known, folded, suffix);
  if (suffix === '') await moveTags(transaction, movedCalls(known, folded));
}

/** Those whose place among all calls is another now. */
function movedCalls(known: KnownRows, { changedCalls }: FoldedRows): number[] {
  const before = new Map(known.calls.map((call) => [call.id, call.sort_at]));
  return changedCalls.filter((call) => call.sort_at !== before.get(call.id)).map(({ id }) => id);
}

const changedRecordingColumns = { id: 'bigint', ...changingColumns } as const satisfies Columns;
const changedCallColumns = {
  id: 'bigint',
  ...toldColumns,
  is_restated: 'smallint',
} as const satisfies Columns;

/** A call's row, and so all of its indexes, is written once, whatever is new of it. Its recordings are written by then. */
function changeCallsSql(suffix: string): string {
  const assignments = Object.keys(toldColumns).map((name) => `${name} = told.${name}`);
  return `UPDATE calls${suffix} AS changed SET ${assignments.join(', ')}, recording_states = CASE told.is_restated
      WHEN 1 THEN ${statesOf('changed', suffix)} ELSE changed.recording_states END
    FROM ${unnestSql(changedCallColumns)} WHERE changed.id = told.id`;
}

/** Calls that are told anew, or whose states are; each with a mark of the latter. */
function callsToChange(known: KnownRows, { changedCalls, restatedCalls }: FoldedRows): Row[] {
  const restated = new Set(restatedCalls);
  const changed = new Map<number, Row>();
  for (const call of known.calls) if (restated.has(call.id)) changed.set(call.id, call);
  for (const call of changedCalls) changed.set(call.id, call);
  return [...changed].map(([id, call]) => ({ ...call, is_restated: restated.has(id) ? 1 : 0 }));
}

async function write(
  transaction: Transaction,
  known: KnownRows,
  folded: FoldedRows,
  suffix: string,
): Promise<void> {
  const calls = `calls${suffix}`;
  const recordings = `recordings${suffix}`;
  const { run } = transaction;
  for (const [sql, columns, rows] of [
    [insertSql(calls, callColumns), callColumns, folded.newCalls],
    [insertSql(recordings, recordingColumns), recordingColumns, folded.newRecordings],
    [updateSql(recordings, changedRecordingColumns), changedRecordingColumns, folded.changedRecordings],
    [changeCallsSql(suffix), changedCallColumns, callsToChange(known, folded)],
  ] as const) {
    if (rows.length > 0) await run(sql, toArrays(rows, columns));
  }
  await addToCounts(transaction, folded.differences, suffix);
}

/** Tags of a call stand in the order of the call. Of these calls, it may have changed in this transaction. */
async function moveTags({ run }: Transaction, calls: readonly number[]): Promise<void> {
  if (calls.length === 0) return;
  await run(
    `UPDATE call_tags SET sort_at = calls.sort_at FROM calls WHERE call_tags.call = ANY($1::bigint[])
     AND calls.id = call_tags.call AND calls.sort_at <> call_tags.sort_at`,
    [toNumbers(calls)],
  );
}

/** The same for all calls: they were built anew. */
export async function moveAllTags({ run }: Transaction): Promise<void> {
  await run(
    `UPDATE call_tags SET sort_at = calls.sort_at FROM calls
     WHERE calls.id = call_tags.call AND calls.sort_at <> call_tags.sort_at`,
  );
}
