import type { DeliveryReason } from '../../domain/delivery.js';
import type { DeadOnes, Replay, ReplaysReader } from '../replays.js';
import { toDeliveryId } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { replayState, toReplay } from '../rows/replay-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import type { Database } from './database.js';
import { findEndpoint, findReplay, replayable, replayableKey } from './find-present.js';

export class ReplaysTableReader implements ReplaysReader {
  constructor(private readonly database: Database) {}

  async get(id: string): Promise<Replay | undefined> {
    return await findReplay(this.database, id);
  }

  async list(endpointId: string): Promise<Replay[]> {
    const { rows } = await this.database.run(
      'SELECT * FROM replays WHERE endpoint = $1 ORDER BY endpoint DESC, id DESC',
      [await this.#endpoint(endpointId)],
    );
    return rows.map(toReplay);
  }

  async running(endpointId: string): Promise<Replay | undefined> {
    const { rows } = await this.database.run(
      `SELECT * FROM replays WHERE endpoint = $1 AND state = ${replayState.running} ORDER BY id LIMIT 1`,
      [fromEndpointId(endpointId)],
    );
    return rows[0] && toReplay(rows[0]);
  }

  async deadDeliveries(
    endpointId: string,
    position: number,
    end: number,
    limit: number,
    reason?: DeliveryReason,
  ): Promise<{ id: string; seqs: number[] }[]> {
    const { key, value, values } = replayableKey(reason, 5);
    const { rows } = await this.database.run(
      `SELECT id, seqs FROM deliveries WHERE ${replayable} AND (${key}, id) > (${value}, $2::bigint)
       AND (${key}, id) <= (${value}, $3::bigint) ORDER BY ${key}, id LIMIT $4`,
      [await this.#endpoint(endpointId), position, end, limit, ...values],
    );
    return rows.map((row) => ({
      id: toDeliveryId(row['id'] as number),
      seqs: fromSeqRuns(row['seqs'] as string),
    }));
  }

  async countDead(
    endpointId: string,
    { reason, end = Number.MAX_SAFE_INTEGER }: DeadOnes = {},
  ): Promise<{ deliveries: number; messages: number }> {
    const { key, value, values } = replayableKey(reason, 3);
    const { rows } = await this.database.run(
      `SELECT count(*) AS deliveries, coalesce(sum(count), 0) AS messages FROM deliveries
       WHERE ${replayable} AND (${key}) = (${value}) AND id <= $2`,
      [await this.#endpoint(endpointId), end, ...values],
    );
    return { deliveries: rows[0]?.['deliveries'] as number, messages: rows[0]?.['messages'] as number };
  }

  /** 0 for one that is unknown or removed. */
  async #endpoint(id: string): Promise<number> {
    return ((await findEndpoint(this.database, id))?.['id'] as number | undefined) ?? 0;
  }
}
