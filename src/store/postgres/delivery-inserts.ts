import type { NewDelivery } from '../../domain/delivery.js';
import type { OpenDelivery } from '../deliveries.js';
import { toDeliveryId } from '../rows/delivery-row.js';
import type { Row } from '../rows/row.js';
import { toSeqRuns } from '../rows/seq-runs.js';
import { toStretches } from '../rows/stretches.js';
import type { Transaction } from './database.js';
import type { TallyChanges } from './delivery-tallies.js';
import { insertSql, toArrays, unnestSql, type Columns } from './row-arrays.js';

/** A delivery that is to be sent at once; behind all others unless it is a half. */
export interface PlannedDelivery extends NewDelivery {
  readonly endpoint: number;
  readonly now: number;
  readonly replayOf?: number;
  /**
   * The delivery that it is half of, and how many messages of that come before it. A half has the place of the one
   * that was cut and, as its offset, what comes before it there: so (place, place_offset) orders an endpoint's
   * deliveries however often they are halved.
   */
  readonly half?: { readonly of: Row; readonly skipped: number };
}

/** Adds them in this order, whatever their number in two statements. Their endpoints are locked by the caller, who writes the tallies. */
export async function addDeliveries(
  transaction: Transaction,
  planned: readonly PlannedDelivery[],
  tallies: TallyChanges,
): Promise<OpenDelivery[]> {
  if (planned.length === 0) return [];
  if (planned.some(({ seqs }) => seqs.length === 0)) throw new Error('a delivery has at least one message');
  const places = planned.map(({ half }) => (half ? (half.of['place'] as number) : null));
  const offsets = planned.map(({ half }) => (half ? (half.of['place_offset'] as number) + half.skipped : 0));
  const added = planned.map(({ endpoint, webhookId, seqs, now, half, replayOf = null }, index) => ({
    endpoint,
    place: places[index],
    place_offset: offsets[index],
    webhook_id: webhookId,
    seqs: toSeqRuns(seqs),
    count: seqs.length,
    first_seq: Math.min(...seqs),
    last_seq: Math.max(...seqs),
    now,
    half_of: half ? half.of['id'] : null,
    replay_of: replayOf,
  }));
  const { rows } = await transaction.run(insertDeliveries, toArrays(added, columns));
  // Numbers are given in the order of the arrays, whatever the order in which they come back.
  const ids = rows.map((row) => row['id'] as number).sort((a, b) => a - b);
  await noteStretches(transaction, planned, ids);
  return planned.map(({ endpoint, webhookId, seqs, now }, index) => {
    const id = ids[index] ?? 0;
    tallies.add(endpoint, 'pending', 1);
    return {
      id: toDeliveryId(id),
      webhookId,
      place: places[index] ?? id,
      offset: offsets[index] ?? 0,
      seqs,
      attempts: 0,
      nextAttemptAt: now,
    };
  });
}

const columns = {
  endpoint: 'bigint',
  place: 'bigint',
  place_offset: 'integer',
  webhook_id: 'text',
  seqs: 'text',
  count: 'integer',
  first_seq: 'bigint',
  last_seq: 'bigint',
  now: 'bigint',
  half_of: 'bigint',
  replay_of: 'bigint',
} as const satisfies Columns;

const insertDeliveries = `
  INSERT INTO deliveries (id, endpoint, state, place, place_offset, webhook_id, seqs, count, first_seq, last_seq,
    next_attempt_at, created_at, half_of, replay_of)
  SELECT id, endpoint, 0, coalesce(place, id), place_offset, webhook_id, seqs, count, first_seq, last_seq, now, now,
    half_of, replay_of
  FROM (SELECT nextval('deliveries_id_seq') AS id, told.* FROM ${unnestSql(columns)}) numbered
  RETURNING id`;

async function noteStretches(
  transaction: Transaction,
  planned: readonly PlannedDelivery[],
  ids: readonly number[],
): Promise<void> {
  const notes = planned.flatMap(({ endpoint, seqs }, index) =>
    [...toStretches(seqs)].map((stretch) => ({
      ...{ endpoint, stretch, delivery: ids[index] ?? 0 },
      ...{ first_seq: Math.min(...seqs), last_seq: Math.max(...seqs) },
    })),
  );
  await transaction.run(insertStretches, toArrays(notes, stretchColumns));
}

const stretchColumns = {
  endpoint: 'bigint',
  stretch: 'bigint',
  delivery: 'bigint',
  first_seq: 'bigint',
  last_seq: 'bigint',
} as const satisfies Columns;

const insertStretches = insertSql('delivery_stretches', stretchColumns);
