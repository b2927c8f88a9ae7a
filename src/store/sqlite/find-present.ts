import type { DeliveryReason } from '../../domain/delivery.js';
import type { Replay } from '../replays.js';
import { fromDeliveryId } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { fromReplayId, toReplay } from '../rows/replay-row.js';
import type { Connection, Row } from './connection.js';

/** What belongs to a removed endpoint is still there for a while, and nobody sees it. */
export const ofNoRemoved = 'endpoint NOT IN (SELECT id FROM endpoints WHERE is_removed = 1)';

/**
 * The dead deliveries that a replay would send: none that was replayed, or halved. The planner knows nothing
 * of how many are replayed already, and would walk over them all.
 */
export const replayable = `deliveries INDEXED BY deliveries_replayable
  WHERE state = 2 AND replayed_as IS NULL AND reason IS NOT 'halved'`;

/**
 * Those of one endpoint, all or what died of one reason, and the values for it. The index holds the reason: whoever
 * goes on behind the last one that was found reads every entry of it once, and no row but those that are wanted.
 */
export function replayableOf(
  endpoint: number,
  reason: DeliveryReason | undefined,
): [rows: string, ...values: (number | string)[]] {
  const rows = `${replayable} AND endpoint = ?`;
  return reason === undefined ? [rows, endpoint] : [`${rows} AND reason = ?`, endpoint, reason];
}

/** The row of an endpoint that is there, by its public id. */
export function findEndpoint(connection: Connection, id: string): Row | undefined {
  return connection
    .prepare('SELECT * FROM endpoints WHERE id = ? AND is_removed = 0')
    .get(fromEndpointId(id));
}

/** The row of a delivery that is there, by its public id. */
export function findDelivery(connection: Connection, id: string): Row | undefined {
  return connection
    .prepare(`SELECT * FROM deliveries WHERE id = ? AND ${ofNoRemoved}`)
    .get(fromDeliveryId(id));
}

/** The replay that is there, by its public id. */
export function findReplay(connection: Connection, id: string): Replay | undefined {
  const row = connection
    .prepare(`SELECT * FROM replays WHERE id = ? AND ${ofNoRemoved}`)
    .get(fromReplayId(id));
  return row && toReplay(row);
}
