import type { OpenDelivery } from '../deliveries.js';
import type { TallyChanges } from '../fold/deliveries.js';
import { fromDeliveryId, type NewDeliveryRow, toDeliveryId, toStretches } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Columns, Row } from '../rows/row.js';
import type { SqlDialect } from './sql-dialect.js';
import { insertRows, rowOf, type Work } from './work.js';

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

/** Adds them in this order. Their endpoints are held by the caller, who writes the tallies. */
export function* addDeliveries(
  dialect: SqlDialect,
  added: readonly NewDeliveryRow[],
  tallies: TallyChanges,
): Work<OpenDelivery[]> {
  if (added.length === 0) return [];
  const ids = yield* dialect.addDeliveries(added);
  const stretches: Record<string, number>[] = [];
  const open = added.map((row, index): OpenDelivery => {
    const id = ids[index] ?? 0;
    const { endpoint, messages: seqs, first_seq: first, last_seq: last } = row;
    for (const stretch of toStretches(seqs))
      stretches.push({ endpoint, stretch, delivery: id, first_seq: first, last_seq: last });
    tallies.add(endpoint, 'pending', 1);
    return {
      id: toDeliveryId(id),
      webhookId: row.webhook_id,
      place: row.place ?? id,
      offset: row.place_offset,
      seqs,
      attempts: 0,
      nextAttemptAt: row.next_attempt_at,
    };
  });
  yield* insertRows('delivery_stretches', stretchColumns, stretches);
  return open;
}

const stretchColumns = {
  endpoint: 'bigint',
  stretch: 'bigint',
  delivery: 'bigint',
  first_seq: 'bigint',
  last_seq: 'bigint',
} as const satisfies Columns;

/** The last thing that a transaction writes: everybody counts in the same rows. */
export function* writeTallies(tallies: TallyChanges): Work<void> {
  yield* insertRows(
    'delivery_tallies',
    tallyColumns,
    tallies.rows,
    'ON CONFLICT (endpoint, state) DO UPDATE SET count = delivery_tallies.count + excluded.count',
  );
}

const tallyColumns = { endpoint: 'bigint', state: 'smallint', count: 'bigint' } as const satisfies Columns;
