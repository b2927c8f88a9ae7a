import type { Transaction } from './database.js';
import { toNumbers } from './row-arrays.js';

/** Tags of a call stand in the order of the call. Of these calls, it may have changed in this transaction. */
export async function moveTags({ run }: Transaction, calls: readonly number[]): Promise<void> {
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
