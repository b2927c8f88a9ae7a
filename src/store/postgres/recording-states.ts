import type { Transaction } from './database.js';
import { recordingColumns } from '../rows/recording-row.js';
import { toNumbers } from './row-arrays.js';

/** Columns are named in every query: `*` would change under a prepared statement when a newer version adds one. */
export const recordingColumnNames = `${Object.keys(recordingColumns).join(', ')}, attempts`;

/** The states that recordings of a call have, by the call's alias. */
export function statesOf(call: string, suffix = ''): string {
  return `(SELECT coalesce(bit_or(1 << state), 0) FROM recordings${suffix} WHERE call = ${call}.id)`;
}

/**
 * Keeps each call's own set of states true to its recordings. The caller has locked the calls before it changed
 * their recordings, so nobody else changes any recording of theirs meanwhile.
 */
export async function restateCalls({ run }: Transaction, calls: readonly number[]): Promise<void> {
  if (calls.length === 0) return;
  await run(
    `UPDATE calls AS stated SET recording_states = ${statesOf('stated')} WHERE id = ANY($1::bigint[])`,
    [toNumbers(calls)],
  );
}

/**
 * Keeps the counts by state exact. The last thing that a transaction does: everybody counts in the same four rows,
 * and locks them in the same order.
 */
export async function addToCounts(
  { run }: Transaction,
  differences: ReadonlyMap<number, number>,
  suffix = '',
): Promise<void> {
  const changed = [...differences].filter(([, difference]) => difference !== 0);
  if (changed.length === 0) return;
  const counts = `recording_counts${suffix}`;
  await run(
    `WITH told AS (SELECT * FROM unnest($1::smallint[], $2::bigint[]) AS told (state, difference)),
     held AS MATERIALIZED (
       SELECT state FROM ${counts} WHERE state = ANY($1::smallint[]) ORDER BY state FOR UPDATE)
     UPDATE ${counts} AS counts SET count = count + told.difference FROM told JOIN held USING (state)
     WHERE counts.state = told.state`,
    [toNumbers(changed.map(([state]) => state)), toNumbers(changed.map(([, difference]) => difference))],
  );
}
