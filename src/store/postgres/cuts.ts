import type { Cut, OpenDelivery } from '../deliveries.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Transaction } from './database.js';
import { addDeliveries, type PlannedDelivery } from './delivery-inserts.js';
import { TallyChanges } from './delivery-tallies.js';
import { leasedEndpoint, lockEndpoints } from './endpoint-locks.js';

/** Takes each cut whose lease is its holder's and that begins where the cursor stands, then writes all of them as one. */
export async function cutAll(
  transaction: Transaction,
  cuts: readonly Cut[],
): Promise<(OpenDelivery[] | undefined)[]> {
  const endpoints = await lockEndpoints(
    transaction,
    cuts.map(({ lease }) => fromEndpointId(lease.endpointId)),
  );
  const cursors = new Map<number, number>();
  const taken = cuts.map(({ lease, from, to }) => {
    const endpoint = leasedEndpoint(endpoints, lease);
    if (!endpoint) return undefined;
    const id = endpoint['id'] as number;
    if ((cursors.get(id) ?? endpoint['cursor']) !== from || to < from) return undefined;
    cursors.set(id, to);
    return id;
  });
  await moveCursors(transaction, cursors);
  const planned = cuts.flatMap(({ batches, now }, index): PlannedDelivery[] => {
    const endpoint = taken[index];
    return endpoint === undefined ? [] : batches.map((batch) => ({ ...batch, endpoint, now }));
  });
  const tallies = new TallyChanges();
  const made = await addDeliveries(transaction, planned, tallies);
  await tallies.write(transaction);
  return cuts.map(({ batches }, index) =>
    taken[index] === undefined ? undefined : made.splice(0, batches.length),
  );
}

async function moveCursors(transaction: Transaction, cursors: ReadonlyMap<number, number>): Promise<void> {
  if (cursors.size === 0) return;
  await transaction.run(
    `UPDATE endpoints SET cursor = cut.cursor FROM unnest($1::bigint[], $2::bigint[]) AS cut (id, cursor)
     WHERE endpoints.id = cut.id`,
    [[...cursors.keys()], [...cursors.values()]],
  );
}
