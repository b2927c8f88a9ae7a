import type { DeliveryQuery } from '../deliveries.js';
import { toDeliveryStateNumber } from '../rows/delivery-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import { stretchOf, toStretches } from '../rows/stretches.js';
import type { Connection, Row } from './connection.js';

const dead = toDeliveryStateNumber('dead');

export function noteStretches(
  connection: Connection,
  endpoint: number,
  delivery: number,
  seqs: readonly number[],
): void {
  const insert = connection.prepare(
    `INSERT INTO delivery_stretches (endpoint, stretch, delivery, first_seq, last_seq) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const first = Math.min(...seqs);
  const last = Math.max(...seqs);
  for (const stretch of toStretches(seqs)) insert.run(endpoint, stretch, delivery, first, last);
}

export function forgetStretches(
  connection: Connection,
  endpoint: number,
  delivery: number,
  seqRuns: string,
): void {
  const forget = connection.prepare(
    'DELETE FROM delivery_stretches WHERE endpoint = ? AND stretch = ? AND delivery = ?',
  );
  for (const stretch of toStretches(fromSeqRuns(seqRuns))) forget.run(endpoint, stretch, delivery);
}

/** Those of `seqs` that are in a pending or delivered delivery; a halved one is what its halves are. */
export function coveredSeqs(connection: Connection, endpoint: number, seqs: readonly number[]): number[] {
  const covered = new Set<number>();
  const deliveries = connection.prepare(
    `SELECT seqs FROM delivery_stretches CROSS JOIN deliveries ON deliveries.id = delivery
     WHERE delivery_stretches.endpoint = ? AND stretch = ?
     AND delivery_stretches.first_seq <= ? AND delivery_stretches.last_seq >= ?
     AND state <> ${dead} AND reason IS NOT 'halved'`,
  );
  for (const stretch of toStretches(seqs)) {
    const asked = seqs.filter((seq) => stretchOf(seq) === stretch);
    const rows = deliveries.all(endpoint, stretch, Math.max(...asked), Math.min(...asked));
    for (const row of rows) for (const seq of fromSeqRuns(row['seqs'] as string)) covered.add(seq);
  }
  return seqs.filter((seq) => covered.has(seq));
}

/** The endpoint's deliveries that hold the message, whatever has become of them, newest first. */
export function deliveriesOfSeq(
  connection: Connection,
  endpoint: number,
  seq: number,
  { state, limit }: Pick<DeliveryQuery, 'state' | 'limit'>,
  before: number,
): Row[] {
  const ofState = state ? `AND state = ${toDeliveryStateNumber(state)}` : '';
  return connection
    .prepare(
      `SELECT deliveries.* FROM delivery_stretches CROSS JOIN deliveries ON deliveries.id = delivery
       WHERE delivery_stretches.endpoint = ?1 AND stretch = ?2 AND delivery < ?3
       AND delivery_stretches.first_seq <= ?4 AND delivery_stretches.last_seq >= ?4
       ${ofState} AND EXISTS (${runWithSeq})
       ORDER BY delivery DESC LIMIT ?5`,
    )
    .all(endpoint, stretchOf(seq), before, seq, limit);
}

/** Of the runs of a delivery (`12-111,115`), one that ?4 lies in; of `12-111`, what can be read as a number is 12. */
const runWithSeq = `
  SELECT 1 FROM json_each('["' || replace(seqs, ',', '","') || '"]')
  WHERE CAST(value AS INTEGER) <= ?4 AND CAST(substr(value, instr(value, '-') + 1) AS INTEGER) >= ?4`;
