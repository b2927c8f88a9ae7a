import type { DeliveryReason } from '../../domain/delivery.js';
import type { DeadOnes, Replay, ReplaysReader } from '../replays.js';
import { toDeliveryId } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { replayState, toReplay } from '../rows/replay-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import type { Connection } from './connection.js';
import { findEndpoint, findReplay, replayableOf } from './find-present.js';
import type { Synchronous } from './synchronous.js';

export class ReplaysTableReader implements Synchronous<ReplaysReader> {
  constructor(private readonly connection: Connection) {}

  get(id: string): Replay | undefined {
    return findReplay(this.connection, id);
  }

  list(endpointId: string): Replay[] {
    const endpoint = this.#endpoint(endpointId);
    return this.connection
      .prepare('SELECT * FROM replays WHERE endpoint = ? ORDER BY id DESC')
      .all(endpoint)
      .map(toReplay);
  }

  running(endpointId: string): Replay | undefined {
    const row = this.connection
      .prepare(
        `SELECT * FROM replays WHERE endpoint = ? AND state = ${replayState.running} ORDER BY id LIMIT 1`,
      )
      .get(fromEndpointId(endpointId));
    return row && toReplay(row);
  }

  deadDeliveries(
    endpointId: string,
    position: number,
    end: number,
    limit: number,
    reason?: DeliveryReason,
  ): { id: string; seqs: number[] }[] {
    const [rows, ...values] = replayableOf(this.#endpoint(endpointId), reason);
    return this.connection
      .prepare(`SELECT id, seqs FROM ${rows} AND id > ? AND id <= ? ORDER BY id LIMIT ?`)
      .all(...values, position, end, limit)
      .map((row) => ({
        id: toDeliveryId(row['id'] as number),
        seqs: fromSeqRuns(row['seqs'] as string),
      }));
  }

  countDead(
    endpointId: string,
    { reason, end = Number.MAX_SAFE_INTEGER }: DeadOnes = {},
  ): { deliveries: number; messages: number } {
    const [rows, ...values] = replayableOf(this.#endpoint(endpointId), reason);
    const row = this.connection
      .prepare(`SELECT count(*) AS deliveries, coalesce(sum(count), 0) AS messages FROM ${rows} AND id <= ?`)
      .get(...values, end);
    return { deliveries: row?.['deliveries'] as number, messages: row?.['messages'] as number };
  }

  /** 0 for one that is unknown or removed. */
  #endpoint(id: string): number {
    return (findEndpoint(this.connection, id)?.['id'] as number | undefined) ?? 0;
  }
}
