import type { DeliveryQuery } from '../deliveries.js';
import { toDeliveryStateNumber } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import { stretchOf, toStretches } from '../rows/stretches.js';
import type { Row } from '../rows/row.js';
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

/** Deliveries of one endpoint or all that hold the message, whatever has become of them, newest first. */
export async function deliveriesOfSeq(
  database: Database,
  seq: number,
  { endpointId, state, limit }: DeliveryQuery,
  before: number,
): Promise<Row[]> {
  const ofEndpoint = endpointId === undefined ? '' : 'AND endpoints.id = $5::bigint';
  const ofState = state ? `AND state = ${toDeliveryStateNumber(state)}` : '';
  const values = [stretchOf(seq), before, seq, limit];
  const { rows } = await database.transaction(
    ({ run }) =>
      run(
        selectOfSeqSql(ofEndpoint, ofState),
        endpointId === undefined ? values : [...values, fromEndpointId(endpointId)],
      ),
    { isBrief: true, looksUp: true },
  );
  return rows;
}

/** Of the runs of a delivery (`12-111,115`), one that the message lies in. Each OFFSET 0 is what it is above. */
function selectOfSeqSql(ofEndpoint: string, ofState: string): string {
  return `
  SELECT found.* FROM endpoints CROSS JOIN LATERAL (
    SELECT delivery FROM delivery_stretches
    WHERE endpoint = endpoints.id AND stretch = $1::bigint AND delivery < $2::bigint
    AND first_seq <= $3::bigint AND last_seq >= $3::bigint OFFSET 0
  ) noted CROSS JOIN LATERAL (
    SELECT * FROM deliveries WHERE id = noted.delivery ${ofState}
    AND EXISTS (
      SELECT FROM unnest(string_to_array(seqs, ',')) AS run
      WHERE substring(run FROM '^[0-9]+')::bigint <= $3::bigint AND substring(run FROM '[0-9]+$')::bigint >= $3::bigint
    ) OFFSET 0
  ) found
  WHERE is_removed = 0 ${ofEndpoint} ORDER BY found.id DESC LIMIT $4`;
}

const selectSeqs = `
  SELECT seqs FROM delivery_stretches CROSS JOIN LATERAL (
    SELECT seqs FROM deliveries WHERE id = delivery
    AND state <> ${toDeliveryStateNumber('dead')} AND reason IS DISTINCT FROM 'halved' OFFSET 0
  ) found
  WHERE endpoint = $1 AND stretch = $2 AND first_seq <= $3 AND last_seq >= $4`;
