import type { Transaction } from './database.js';

/** Notes of deliveries which ones repeat them; of a halved one, its dead parts are replayed with it. */
export async function markReplayed(
  transaction: Transaction,
  replayed: readonly { readonly id: number; readonly as: number }[],
): Promise<void> {
  if (replayed.length === 0) return;
  await transaction.run(
    `WITH RECURSIVE parts (id, new_id, is_whole) AS (
       SELECT id, new_id, true FROM unnest($1::bigint[], $2::bigint[]) AS replayed (id, new_id)
       UNION ALL SELECT half.id, new_id, false FROM parts CROSS JOIN LATERAL (
         SELECT id FROM deliveries WHERE half_of = parts.id OFFSET 0
       ) half
     )
     UPDATE deliveries SET replayed_as = new_id FROM parts
     WHERE deliveries.id = parts.id AND (is_whole OR deliveries.state = 2)`,
    [replayed.map(({ id }) => id), replayed.map(({ as }) => as)],
  );
}
