import type { EndpointHealth } from '../../domain/endpoint.js';
import type { DeliverySettlement } from '../deliveries.js';
import { fromDeliveryId, isSettledSo } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import type { Transaction } from './database.js';
import { addAttempts, keptAttempts, type NumberedAttempt } from './delivery-attempts.js';
import { addDeliveries } from './delivery-inserts.js';
import { lockEndpoints, type LockedEndpoints } from './endpoint-locks.js';
import { toArrays, toNumbers, updateSql, type Columns } from './row-arrays.js';
import { SettlementFold } from './settlement-fold.js';

/**
 * Reads what the settlements are about, works out what they change (settlement-fold.ts) and writes it: the same few
 * statements for a hundred deliveries as for one.
 */
export async function settleAll(
  transaction: Transaction,
  settlements: readonly DeliverySettlement[],
): Promise<boolean[]> {
  const endpoints = await lockEndpoints(
    transaction,
    settlements.map(({ lease }) => fromEndpointId(lease.endpointId)),
  );
  const deliveries = await loadDeliveries(transaction, settlements);
  const kept = await keptAttempts(transaction, repeatable(settlements, deliveries));
  const fold = new SettlementFold({ endpoints, deliveries, keptAttempts: kept });
  const answers = settlements.map((settlement) => fold.take(settlement));
  await writeHealths(transaction, endpoints, fold.healths);
  await writeDeliveries(transaction, [...fold.changed]);
  await addDeliveries(transaction, fold.halves, fold.tallies);
  await addAttempts(transaction, fold.attempts);
  await fold.tallies.write(transaction);
  return answers;
}

async function loadDeliveries(
  transaction: Transaction,
  settlements: readonly DeliverySettlement[],
): Promise<Map<number, Row>> {
  const ids = new Set(settlements.map(({ deliveryId }) => fromDeliveryId(deliveryId)));
  const { rows } = await transaction.run('SELECT * FROM deliveries WHERE id = ANY($1::bigint[])', [
    toNumbers([...ids]),
  ]);
  const deliveries = new Map(rows.map((row) => [row['id'] as number, row]));
  const wholes = rows.map((row) => row['half_of'] as number | null).filter((id) => id !== null);
  if (wholes.length === 0) return deliveries;
  for (const row of (await transaction.run(selectFamilies, [[...new Set(wholes)]])).rows) {
    const id = row['id'] as number;
    if (!deliveries.has(id)) deliveries.set(id, row);
  }
  return deliveries;
}

/** Whatever was halved on the way to these halves, and all of its halves. */
const selectFamilies = `
  WITH RECURSIVE wholes (id) AS (
    SELECT unnest($1::bigint[])
    UNION SELECT up.half_of FROM wholes CROSS JOIN LATERAL (
      SELECT half_of FROM deliveries WHERE deliveries.id = wholes.id AND half_of IS NOT NULL OFFSET 0
    ) up
  )
  SELECT found.* FROM wholes CROSS JOIN LATERAL (
    SELECT * FROM deliveries WHERE deliveries.id = wholes.id
    UNION ALL SELECT * FROM deliveries WHERE half_of = wholes.id
  ) found`;

/** Attempts that may be kept already: whoever was not told of the first time settles them again. */
function repeatable(
  settlements: readonly DeliverySettlement[],
  deliveries: ReadonlyMap<number, Row>,
): NumberedAttempt[] {
  const times = new Map<string, number>();
  for (const { deliveryId } of settlements) times.set(deliveryId, (times.get(deliveryId) ?? 0) + 1);
  return settlements.flatMap(({ deliveryId, attempt, verdict }) => {
    const delivery = fromDeliveryId(deliveryId);
    const row = deliveries.get(delivery);
    const mayBeKept = row && (isSettledSo(row, verdict) || times.get(deliveryId) !== 1);
    return mayBeKept ? [{ delivery, attempt }] : [];
  });
}

async function writeDeliveries(transaction: Transaction, changed: readonly Row[]): Promise<void> {
  if (changed.length === 0) return;
  await transaction.run(updateDeliveries, toArrays(changed, deliveryColumns));
}

/** How the endpoints answer, where that is news. */
async function writeHealths(
  transaction: Transaction,
  endpoints: LockedEndpoints,
  healths: ReadonlyMap<number, EndpointHealth>,
): Promise<void> {
  const changed = [...healths].filter(([id, { failuresInARow, probeAt }]) => {
    const row = endpoints.get(id);
    return row?.['failures_in_a_row'] !== failuresInARow || row['probe_at'] !== (probeAt ?? null);
  });
  if (changed.length === 0) return;
  const rows = changed.map(([id, { failuresInARow, probeAt = null }]) => ({
    id,
    failures_in_a_row: failuresInARow,
    probe_at: probeAt,
  }));
  await transaction.run(updateEndpoints, toArrays(rows, endpointColumns));
}

const deliveryColumns = {
  id: 'bigint',
  state: 'smallint',
  attempts: 'integer',
  reason: 'text',
  next_attempt_at: 'bigint',
  delivered_at: 'bigint',
} as const satisfies Columns;

const updateDeliveries = updateSql('deliveries', deliveryColumns);

const endpointColumns = {
  id: 'bigint',
  failures_in_a_row: 'bigint',
  probe_at: 'bigint',
} as const satisfies Columns;

const updateEndpoints = updateSql('endpoints', endpointColumns);
