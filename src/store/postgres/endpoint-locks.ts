import type { EndpointLease } from '../deliveries.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import type { Transaction } from './database.js';

/** Endpoints of this transaction, each locked until its end, by their numbers. */
export type LockedEndpoints = ReadonlyMap<number, Row>;

/**
 * Locks endpoints, in the order of their ids, before anything else is looked at: until the transaction ends no lease,
 * no cursor and no delivery of theirs is changed by another. Whoever writes deliveries begins here, so two never wait
 * for each other. Those that are gone are left out.
 */
export async function lockEndpoints(
  transaction: Transaction,
  ids: Iterable<number>,
): Promise<LockedEndpoints> {
  const { rows } = await transaction.run(
    `SELECT id, cursor, generation, leased_until, is_removed, failures_in_a_row, probe_at FROM endpoints
     WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row['id'] as number, row]));
}

/** The endpoint of a lease that is still its holder's. */
export function leasedEndpoint(
  endpoints: LockedEndpoints,
  { endpointId, generation }: EndpointLease,
): Row | undefined {
  const row = endpoints.get(fromEndpointId(endpointId));
  return row?.['generation'] === generation && row['leased_until'] !== null ? row : undefined;
}
