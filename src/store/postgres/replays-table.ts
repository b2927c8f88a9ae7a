import type { Delivery } from '../../domain/delivery.js';
import type { Replay, ReplaySelection, ReplaysWriter } from '../replays.js';
import { deliveryStateOf, fromDeliveryId, toDelivery } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { fromReplayId, replayState, toReplay } from '../rows/replay-row.js';
import type { Row } from '../rows/row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import type { Database, Transaction } from './database.js';
import { addDeliveries } from './delivery-inserts.js';
import { TallyChanges } from './delivery-tallies.js';
import { lockEndpoints } from './endpoint-locks.js';
import { findDelivery, findReplay, replayable, replayableKey } from './find-present.js';
import { markReplayed } from './replayed-deliveries.js';
import { wakeDispatchers } from './wake-dispatchers.js';

/** Replays as the operator starts and ends them; what cuts their deliveries is in replay-steps.ts. */
export class ReplaysTable implements ReplaysWriter {
  constructor(private readonly database: Database) {}

  async start(endpointId: string, selection: ReplaySelection, now: number): Promise<Replay | undefined> {
    return await this.database.transaction(async (transaction) => {
      const endpoint = await lockPresent(transaction, fromEndpointId(endpointId));
      if (!endpoint) return undefined;
      const [position, end] = await stretchOf(transaction, endpoint, selection);
      const isDone = end <= position;
      const { rows } = await transaction.run(
        `INSERT INTO replays (endpoint, selection, state, position, end_position, created_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *`,
        [
          endpoint['id'],
          JSON.stringify(selection),
          isDone ? replayState.done : replayState.running,
          position,
          end,
          now,
          isDone ? now : null,
        ],
      );
      await wakeDispatchers(transaction);
      return rows[0] && toReplay(rows[0]);
    });
  }

  async cancel(id: string, now: number): Promise<Replay | undefined> {
    return await this.database.transaction(async (transaction) => {
      await transaction.run(
        `UPDATE replays SET state = ${replayState.cancelled}, ended_at = $1
         WHERE id = $2 AND state = ${replayState.running}`,
        [now, fromReplayId(id)],
      );
      return await findReplay(transaction, id);
    });
  }

  async replayDelivery(
    id: string,
    webhookId: string,
    now: number,
  ): Promise<Delivery | 'pending' | 'unknown'> {
    const replay = async (transaction: Transaction): Promise<Delivery | 'pending' | 'unknown'> => {
      const endpoint = (await findDelivery(transaction, id))?.['endpoint'] as number | undefined;
      if (endpoint === undefined || !(await lockPresent(transaction, endpoint))) return 'unknown';
      // As it is under the lock, which may have been waited for.
      const row = await findDelivery(transaction, id);
      if (!row) return 'unknown';
      if (deliveryStateOf(row) === 'pending') return 'pending';
      const made = await repeat(transaction, row, webhookId, now);
      const added = await findDelivery(transaction, made);
      if (!added) throw new Error('a delivery that was written is not there');
      await wakeDispatchers(transaction);
      return toDelivery(added);
    };
    return await this.database.transaction(replay, { looksUp: true });
  }
}

/** The endpoint, if nobody has removed it. */
async function lockPresent(transaction: Transaction, id: number): Promise<Row | undefined> {
  const endpoint = (await lockEndpoints(transaction, [id])).get(id);
  return endpoint?.['is_removed'] === 0 ? endpoint : undefined;
}

/** What the endpoint's cursor has not reached yet is on its way by itself: a replay ends there. */
async function stretchOf(
  transaction: Transaction,
  endpoint: Row,
  selection: ReplaySelection,
): Promise<[position: number, end: number]> {
  if (selection.kind === 'window') {
    return [selection.afterSeq, Math.min(selection.untilSeq, endpoint['cursor'] as number)];
  }
  const { key, backwards, value, values } = replayableKey(selection.reason, 2);
  const { rows } = await transaction.run(
    `SELECT id FROM deliveries WHERE ${replayable} AND (${key}, id) > (${value}, 0)
     AND (${key}, id) < (${value}, ${Number.MAX_SAFE_INTEGER})
     ORDER BY ${backwards}, id DESC LIMIT 1`,
    [endpoint['id'], ...values],
  );
  return [0, (rows[0]?.['id'] as number | undefined) ?? 0];
}

/** A new delivery of the same messages; returns its public id. */
async function repeat(transaction: Transaction, row: Row, webhookId: string, now: number): Promise<string> {
  const replayOf = row['id'] as number;
  const seqs = fromSeqRuns(row['seqs'] as string);
  const tallies = new TallyChanges();
  const planned = { endpoint: row['endpoint'] as number, webhookId, seqs, now, replayOf };
  const [made] = await addDeliveries(transaction, [planned], tallies);
  if (!made) throw new Error('one was added');
  await markReplayed(transaction, [{ id: replayOf, as: fromDeliveryId(made.id) }]);
  await tallies.write(transaction);
  return made.id;
}
