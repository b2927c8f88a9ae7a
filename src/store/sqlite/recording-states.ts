import type { Connection } from './connection.js';

/** How many attempts at a recording count. They are counted where they lie, which is no part of the projection. */
export function attemptsOf(recording: string): string {
  return `SELECT count(*) FROM attempts WHERE outcome <> 'aborted' AND recording_id = ${recording}`;
}

/** What `toRecording` needs, of a table named `recordings`. */
export const recordingColumns = `recordings.*, (${attemptsOf('recordings.id')}) AS attempts`;

/**
 * Keeps the counts by state and the call's own set of states exact; the caller holds the transaction.
 * `suffix` names the tables of a rebuild (store-schema.ts).
 */
export function noteStateChange(
  connection: Connection,
  call: number,
  from: number,
  to: number,
  suffix = '',
): void {
  if (from === to) return;
  addToCount(connection, from, -1, suffix);
  addToCount(connection, to, 1, suffix);
  refreshCallStates(connection, call, suffix);
}

export function addToCount(connection: Connection, state: number, difference: number, suffix = ''): void {
  connection
    .prepare(`UPDATE recording_counts${suffix} SET count = count + ? WHERE state = ?`)
    .run(difference, state);
}

export function refreshCallStates(connection: Connection, call: number, suffix = ''): void {
  connection
    .prepare(
      `UPDATE calls${suffix} SET recording_states =
         (SELECT coalesce(sum(DISTINCT 1 << state), 0) FROM recordings${suffix} WHERE call = calls${suffix}.id) WHERE id = ?`,
    )
    .run(call);
}
