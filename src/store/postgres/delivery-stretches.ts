import { toDeliveryStateNumber } from '../rows/delivery-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import { stretchOf, toStretches } from '../rows/stretches.js';
import type { Database } from './database.js';

/**
 * Those of `seqs` that are in a pending or delivered delivery; a halved one is what its halves are. OFFSET 0 keeps the
 * planner from reading all deliveries there are for a stretch that it believes to be long.
 */
export async function coveredSeqs(
  database: Database,
  endpoint: number,
  seqs: readonly number[],
): Promise<number[]> {
  const covered = new Set<number>();
  for (const stretch of toStretches(seqs)) {
    const asked = seqs.filter((seq) => stretchOf(seq) === stretch);
    const { rows } = await database.run(selectSeqs, [
      endpoint,
      stretch,
      Math.max(...asked),
      Math.min(...asked),
    ]);
    for (const row of rows) for (const seq of fromSeqRuns(row['seqs'] as string)) covered.add(seq);
  }
  return seqs.filter((seq) => covered.has(seq));
}

const selectSeqs = `
  SELECT seqs FROM delivery_stretches CROSS JOIN LATERAL (
    SELECT seqs FROM deliveries WHERE id = delivery AND first_seq <= $3 AND last_seq >= $4
    AND state <> ${toDeliveryStateNumber('dead')} AND reason IS DISTINCT FROM 'halved' OFFSET 0
  ) found
  WHERE endpoint = $1 AND stretch = $2`;
