import type { DeliveryReason } from '../../domain/delivery.js';
import type { Replay } from '../replays.js';
import { fromDeliveryId } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { fromReplayId, toReplay } from '../rows/replay-row.js';
import type { Row } from '../rows/row.js';
import type { Transaction } from './database.js';

/** What belongs to a removed endpoint is still there for a while, and nobody sees it. */
export const ofNoRemoved = 'endpoint NOT IN (SELECT id FROM endpoints WHERE is_removed = 1)';

/** The dead deliveries that a replay would send: none that was replayed, or halved. */
export const replayable = `state = 2 AND replayed_as IS NULL AND reason IS DISTINCT FROM 'halved'`;

interface ReplayableKey {
  readonly key: string;
  /** The same as an order, from the end of the index. */
  readonly backwards: string;
  readonly value: string;
  readonly values: readonly DeliveryReason[];
}

/**
 * What comes before the id in the index of all that is replayable of an endpoint, or of what died of one reason, and
 * what it is compared with: the endpoint is $1, the reason the parameter of that number.
 */
export function replayableKey(reason: DeliveryReason | undefined, parameter: number): ReplayableKey {
  if (reason === undefined) {
    return { key: 'endpoint', backwards: 'endpoint DESC', value: '$1::bigint', values: [] };
  }
  const [key, backwards] = ['reason, endpoint', 'reason DESC, endpoint DESC'];
  return { key, backwards, value: `$${parameter}::text, $1::bigint`, values: [reason] };
}

/** The row of an endpoint that is there, by its public id. */
export async function findEndpoint(database: Transaction, id: string): Promise<Row | undefined> {
  const sql = 'SELECT * FROM endpoints WHERE id = $1 AND is_removed = 0';
  return (await database.run(sql, [fromEndpointId(id)])).rows[0];
}

/** The row of a delivery that is there, by its public id. */
export async function findDelivery(database: Transaction, id: string): Promise<Row | undefined> {
  const sql = `SELECT * FROM deliveries WHERE id = $1 AND ${ofNoRemoved}`;
  return (await database.run(sql, [fromDeliveryId(id)])).rows[0];
}

/** The replay that is there, by its public id. */
export async function findReplay(database: Transaction, id: string): Promise<Replay | undefined> {
  const sql = `SELECT * FROM replays WHERE id = $1 AND ${ofNoRemoved}`;
  const [row] = (await database.run(sql, [fromReplayId(id)])).rows;
  return row && toReplay(row);
}
