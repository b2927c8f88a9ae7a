import type { OpenDelivery, ReplayStep } from '../deliveries.js';
import { fromDeliveryId } from '../rows/delivery-row.js';
import { fromReplayId, replayState } from '../rows/replay-row.js';
import type { Transaction } from './database.js';
import { addDeliveries, type PlannedDelivery } from './delivery-inserts.js';
import { TallyChanges } from './delivery-tallies.js';
import { markReplayed } from './replayed-deliveries.js';

/**
 * One step of a replay of the endpoint, which the caller has locked under its lease. A dead delivery that somebody has
 * replayed by hand meanwhile is left out. A step is taken once: batches that come with a position where the replay
 * stands already are refused.
 */
export async function cutReplay(
  transaction: Transaction,
  endpoint: number,
  step: ReplayStep,
): Promise<OpenDelivery[] | undefined> {
  const { replayId, position, batches, now } = step;
  const { rows } = await transaction.run(
    `SELECT id, position FROM replays WHERE id = $1 AND endpoint = $2 AND state = ${replayState.running} FOR UPDATE`,
    [fromReplayId(replayId), endpoint],
  );
  const reached = rows[0]?.['position'] as number | undefined;
  if (reached === undefined || position < reached || (position === reached && batches.length > 0))
    return undefined;
  const planned = await plan(transaction, endpoint, step);
  const tallies = new TallyChanges();
  const made = await addDeliveries(transaction, planned, tallies);
  const replayed = planned.flatMap(({ replayOf }, index) => {
    const as = made[index];
    return replayOf === undefined || !as ? [] : [{ id: replayOf, as: fromDeliveryId(as.id) }];
  });
  await markReplayed(transaction, replayed);
  await transaction.run(
    `UPDATE replays SET position = $2, deliveries = deliveries + $3, messages = messages + $4, state = $5, ended_at = $6
     WHERE id = $1`,
    [
      rows[0]?.['id'],
      position,
      made.length,
      made.reduce((sum, { seqs }) => sum + seqs.length, 0),
      step.isDone ? replayState.done : replayState.running,
      step.isDone ? now : null,
    ],
  );
  await tallies.write(transaction);
  return made;
}

async function plan(
  transaction: Transaction,
  endpoint: number,
  { batches, repeats, now }: ReplayStep,
): Promise<PlannedDelivery[]> {
  const dead = await deadDeliveries(transaction, endpoint, repeats);
  return batches.flatMap((batch, index): PlannedDelivery[] => {
    const repeated = repeats[index];
    if (repeated === undefined) return [{ ...batch, endpoint, now }];
    const replayOf = fromDeliveryId(repeated);
    // Once: whoever names one twice gets it once.
    return dead.delete(replayOf) ? [{ ...batch, endpoint, now, replayOf }] : [];
  });
}

/** Numbers of those that are dead and not replayed yet. */
async function deadDeliveries(
  transaction: Transaction,
  endpoint: number,
  ids: readonly string[],
): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const { rows } = await transaction.run(
    `SELECT id FROM deliveries
     WHERE id = ANY($1::bigint[]) AND endpoint = $2 AND state = 2 AND replayed_as IS NULL`,
    [ids.map(fromDeliveryId), endpoint],
  );
  return new Set(rows.map((row) => row['id'] as number));
}
