import { fromDeliveryId } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import type { SqlDialect } from './sql-dialect.js';
import { rowOf, type Work } from './work.js';

/** What belongs to a removed endpoint is still there for a while, and nobody sees it. */
export const ofNoRemoved = 'endpoint NOT IN (SELECT id FROM endpoints WHERE is_removed = 1)';

/**
 * The dead deliveries that a replay would send: none that was replayed, or halved. SQLite's planner knows nothing of how
 * many are replayed already, and would walk over them all.
 */
export function replayable({ byIndex }: Pick<SqlDialect, 'byIndex'>): string {
  return `deliveries${byIndex('deliveries_replayable')}
    WHERE state = 2 AND replayed_as IS NULL AND reason IS DISTINCT FROM 'halved'`;
}

/** The row of an endpoint that is there, by its public id. */
export function* findEndpoint(id: string, claimed = ''): Work<Row | undefined> {
  return yield* rowOf(
    `SELECT * FROM endpoints WHERE id = $1 AND is_removed = 0${claimed}`,
    fromEndpointId(id),
  );
}

/** The row of a delivery that is there, by its public id. */
export function* findDelivery(id: string): Work<Row | undefined> {
  return yield* rowOf(`SELECT * FROM deliveries WHERE id = $1 AND ${ofNoRemoved}`, fromDeliveryId(id));
}
