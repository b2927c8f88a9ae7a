import type { Connection } from './connection.js';

/** Tags of a call stand in the order of the call, which has moved; the caller holds the transaction. */
export function moveTags(connection: Connection, call: number): void {
  connection
    .prepare(
      'UPDATE call_tags SET sort_at = (SELECT sort_at FROM calls WHERE id = call_tags.call) WHERE call = ?',
    )
    .run(call);
}

/** The same for all calls: they were built anew. */
export function moveAllTags(connection: Connection): void {
  connection.exec(
    `UPDATE call_tags SET sort_at = calls.sort_at FROM calls
     WHERE calls.id = call_tags.call AND calls.sort_at <> call_tags.sort_at`,
  );
}
