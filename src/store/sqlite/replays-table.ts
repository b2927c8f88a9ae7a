import type { Delivery } from '../../domain/delivery.js';
import type { Replay, ReplaySelection, ReplaysWriter } from '../replays.js';
import { fromDeliveryId, toDelivery, toDeliveryStateNumber } from '../rows/delivery-row.js';
import { fromReplayId, replayState, toReplay } from '../rows/replay-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import type { Connection, Row } from './connection.js';
import { DeliveriesTable } from './deliveries-table.js';
import { findDelivery, findEndpoint, findReplay, replayableOf } from './find-present.js';
import type { Synchronous } from './synchronous.js';

const pending = toDeliveryStateNumber('pending');

/** Replays as the operator starts and ends them; what cuts their deliveries is in replay-steps.ts. */
export class ReplaysTable implements Synchronous<ReplaysWriter> {
  readonly #deliveries: DeliveriesTable;

  constructor(private readonly connection: Connection) {
    this.#deliveries = new DeliveriesTable(connection);
  }

  start(endpointId: string, selection: ReplaySelection, now: number): Replay | undefined {
    return this.connection.transaction(() => {
      const endpoint = findEndpoint(this.connection, endpointId);
      if (!endpoint) return undefined;
      const [position, end] = this.#stretchOf(endpoint, selection);
      const isDone = end <= position;
      const row = this.connection
        .prepare(
          `INSERT INTO replays (endpoint, selection, state, position, end_position, created_at, ended_at)
           VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          endpoint['id'] as number,
          JSON.stringify(selection),
          isDone ? replayState.done : replayState.running,
          position,
          end,
          now,
          isDone ? now : null,
        );
      return row && toReplay(row);
    });
  }

  cancel(id: string, now: number): Replay | undefined {
    return this.connection.transaction(() => {
      this.connection
        .prepare(
          `UPDATE replays SET state = ${replayState.cancelled}, ended_at = ? WHERE id = ? AND state = ${replayState.running}`,
        )
        .run(now, fromReplayId(id));
      return findReplay(this.connection, id);
    });
  }

  replayDelivery(id: string, webhookId: string, now: number): Delivery | 'pending' | 'unknown' {
    return this.connection.transaction(() => {
      const row = findDelivery(this.connection, id);
      if (!row) return 'unknown';
      if (row['state'] === pending) return 'pending';
      const number = row['id'] as number;
      const seqs = fromSeqRuns(row['seqs'] as string);
      const made = this.#deliveries.add(row['endpoint'] as number, { webhookId, seqs }, now, {
        replayOf: number,
      });
      this.#deliveries.markReplayed(number, fromDeliveryId(made.id));
      const added = findDelivery(this.connection, made.id);
      if (!added) throw new Error('a delivery that was written is not there');
      return toDelivery(added);
    });
  }

  /** What the endpoint's cursor has not reached yet is on its way by itself: a replay ends there. */
  #stretchOf(endpoint: Row, selection: ReplaySelection): [position: number, end: number] {
    if (selection.kind === 'window') {
      return [selection.afterSeq, Math.min(selection.untilSeq, endpoint['cursor'] as number)];
    }
    const [rows, ...values] = replayableOf(endpoint['id'] as number, selection.reason);
    const last = this.connection.prepare(`SELECT max(id) AS id FROM ${rows}`).get(...values)?.['id'];
    return [0, (last as number | null) ?? 0];
  }
}
