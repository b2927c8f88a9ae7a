import type { OpenDelivery, ReplayStep } from '../deliveries.js';
import { fromDeliveryId } from '../rows/delivery-row.js';
import { fromReplayId, replayState } from '../rows/replay-row.js';
import type { Connection } from './connection.js';
import type { DeliveriesTable } from './deliveries-table.js';

/**
 * One step of a replay of the endpoint, whose lease the caller has looked at in this transaction. A dead
 * delivery that somebody has replayed by hand meanwhile is left out. A step is taken once: batches that come
 * with a position where the replay stands already are refused.
 */
export function cutReplay(
  connection: Connection,
  deliveries: DeliveriesTable,
  endpoint: number,
  { replayId, position, batches, repeats, isDone, now }: ReplayStep,
): OpenDelivery[] | undefined {
  const replay = connection
    .prepare(`SELECT * FROM replays WHERE id = ? AND endpoint = ? AND state = ${replayState.running}`)
    .get(fromReplayId(replayId), endpoint);
  if (!replay) return undefined;
  const reached = replay['position'] as number;
  if (position < reached || (position === reached && batches.length > 0)) return undefined;
  const made = batches.flatMap((batch, index) => {
    const repeated = repeats[index];
    if (repeated === undefined) return [deliveries.add(endpoint, batch, now)];
    const id = deadDelivery(connection, endpoint, repeated);
    if (id === undefined) return [];
    const delivery = deliveries.add(endpoint, batch, now, { replayOf: id });
    deliveries.markReplayed(id, fromDeliveryId(delivery.id));
    return [delivery];
  });
  connection
    .prepare(
      `UPDATE replays SET position = ?, deliveries = deliveries + ?, messages = messages + ?, state = ?, ended_at = ?
       WHERE id = ?`,
    )
    .run(
      position,
      made.length,
      made.reduce((sum, { seqs }) => sum + seqs.length, 0),
      isDone ? replayState.done : replayState.running,
      isDone ? now : null,
      replay['id'] as number,
    );
  return made;
}

/** The number of a delivery that is dead and not replayed yet. */
function deadDelivery(connection: Connection, endpoint: number, id: string): number | undefined {
  const row = connection
    .prepare('SELECT id FROM deliveries WHERE id = ? AND endpoint = ? AND state = 2 AND replayed_as IS NULL')
    .get(fromDeliveryId(id), endpoint);
  return row?.['id'] as number | undefined;
}
