import type { Connection } from './connection.js';
import { toDeliveryStateNumber } from './delivery-row.js';
import { fromSeqRuns } from './seq-runs.js';

/**
 * Which deliveries a message is in. A row for each message would be as many as the journal has, for every
 * endpoint; and from the first and last number of a delivery alone it cannot be told, because one message
 * that waited a week for its recording makes them lie far apart. So each delivery is noted once in every
 * stretch of the journal that it touches, and the few hundred of a stretch are looked at one by one.
 */
const stretchLength = 65_536;

const dead = toDeliveryStateNumber('dead');

export function noteStretches(
  connection: Connection,
  endpoint: number,
  delivery: number,
  seqs: readonly number[],
): void {
  const insert = connection.prepare('INSERT INTO delivery_stretches VALUES (?, ?, ?)');
  for (const stretch of toStretches(seqs)) insert.run(endpoint, stretch, delivery);
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
     WHERE delivery_stretches.endpoint = ? AND stretch = ? AND first_seq <= ? AND last_seq >= ?
     AND state <> ${dead} AND reason IS NOT 'halved'`,
  );
  for (const stretch of toStretches(seqs)) {
    const asked = seqs.filter((seq) => stretchOf(seq) === stretch);
    const rows = deliveries.all(endpoint, stretch, Math.max(...asked), Math.min(...asked));
    for (const row of rows) for (const seq of fromSeqRuns(row['seqs'] as string)) covered.add(seq);
  }
  return seqs.filter((seq) => covered.has(seq));
}

function toStretches(seqs: readonly number[]): Set<number> {
  return new Set(seqs.map(stretchOf));
}

function stretchOf(seq: number): number {
  return Math.floor(seq / stretchLength);
}
