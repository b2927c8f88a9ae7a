import type { Endpoint } from '../../domain/endpoint.js';
import type {
  Cut,
  DeliverySettlement,
  Dispatch,
  EndpointLease,
  OpenDelivery,
  ReplayStep,
} from '../deliveries.js';
import { fromEndpointId, toEndpoint, toEndpointId } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import { cutAll } from './cuts.js';
import type { Database } from './database.js';
import { leasedEndpoint, lockEndpoints } from './endpoint-locks.js';
import { toMonth, type Partitions } from './partitions.js';
import { cutReplay } from './replay-steps.js';
import { settleAll } from './settlements.js';
import { wakeDispatchers } from './wake-dispatchers.js';
import { isFreeSql } from '../rows/free-lease.js';

type Leased = { endpoint: Endpoint; lease: EndpointLease };

/**
 * Endpoints as work, and their deliveries, for any number of processes. An endpoint is leased, not a delivery: whoever
 * has it is the only one that cuts and sends for it, so its order is kept by one process, in memory.
 *
 *   free ──(acquire: a higher generation)──▶ leased ──(release, or the lease runs out and somebody acquires)──▶ free
 *
 * Whatever is written for an endpoint names the generation of its lease, and holds the endpoint's row until it is
 * durable. Whoever was paused past its lease therefore writes nothing once another has acquired: its pushes may have
 * been sent, and are sent again by the other under the same webhook-id.
 *
 * The database may forget while its clients live on: what was not on its disk when it crashed, or had not reached the
 * standby that was promoted. A renewal may be forgotten, so it does not wait for the disk. An acquisition that is must
 * not come again under the same generation, with two holders then: a generation is no smaller than its instant.
 */
export class DispatchTable implements Dispatch {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  async acquire({ now, until, limit }: { now: number; until: number; limit: number }): Promise<Leased[]> {
    return await this.#lease(
      false,
      `WITH free AS (
         SELECT id FROM endpoints WHERE is_removed = 0 AND ${isFreeSql('$2')}
         ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
       )
       UPDATE endpoints SET generation = greatest(generation + 1, $2), leased_until = $1 FROM free WHERE endpoints.id = free.id
       RETURNING endpoints.*`,
      [until, now, limit],
    );
  }

  async renew(leases: readonly EndpointLease[], until: number): Promise<Leased[]> {
    return await this.#lease(
      true,
      `WITH held AS (
         SELECT endpoints.id FROM unnest($2::bigint[], $3::bigint[]) AS lease (id, generation)
         JOIN endpoints ON endpoints.id = lease.id AND endpoints.generation = lease.generation
         WHERE leased_until IS NOT NULL ORDER BY endpoints.id FOR NO KEY UPDATE OF endpoints
       )
       UPDATE endpoints SET leased_until = $1 FROM held WHERE endpoints.id = held.id RETURNING endpoints.*`,
      [until, ...toColumns(leases)],
    );
  }

  async release(leases: readonly EndpointLease[]): Promise<void> {
    await this.database.transaction(
      async (transaction) => {
        const endpoints = await lockEndpoints(transaction, toColumns(leases)[0]);
        const ours = leases.flatMap((lease) => leasedEndpoint(endpoints, lease)?.['id'] ?? []);
        if (ours.length === 0) return;
        await transaction.run('UPDATE endpoints SET leased_until = NULL WHERE id = ANY($1::bigint[])', [
          ours,
        ]);
        await wakeDispatchers(transaction);
      },
      { isBrief: true },
    );
  }

  async count(now: number): Promise<{ endpoints: number; free: number }> {
    const { rows } = await this.database.run(
      `SELECT count(*) AS endpoints, count(*) FILTER (WHERE ${isFreeSql('$1')}) AS free
       FROM endpoints WHERE is_removed = 0`,
      [now],
    );
    return { endpoints: rows[0]?.['endpoints'] as number, free: rows[0]?.['free'] as number };
  }

  async cut(cuts: readonly Cut[]): Promise<(OpenDelivery[] | undefined)[]> {
    // A cursor that falls back with a loss of power finds once more that nothing there was for its endpoint.
    const isBrief = cuts.every(({ batches }) => batches.length === 0);
    return await this.database.transaction((transaction) => cutAll(transaction, cuts), {
      isBrief,
      looksUp: true,
    });
  }

  async settle(settlements: readonly DeliverySettlement[]): Promise<boolean[]> {
    const months = new Set(settlements.map(({ attempt }) => toMonth(attempt.at)));
    await this.partitions.need('delivery_attempts', [...months]);
    return await this.database.transaction((transaction) => settleAll(transaction, settlements), {
      looksUp: true,
    });
  }

  async cutReplay(step: ReplayStep): Promise<OpenDelivery[] | undefined> {
    return await this.database.transaction(
      async (transaction) => {
        const endpoints = await lockEndpoints(transaction, [fromEndpointId(step.lease.endpointId)]);
        const endpoint = leasedEndpoint(endpoints, step.lease);
        return endpoint && cutReplay(transaction, endpoint['id'] as number, step);
      },
      { looksUp: true },
    );
  }

  async #lease(isBrief: boolean, sql: string, values: readonly unknown[]): Promise<Leased[]> {
    const { rows } = await this.database.transaction(({ run }) => run(sql, values), { isBrief });
    return rows.sort((a, b) => (a['id'] as number) - (b['id'] as number)).map(toLeased);
  }
}

function toColumns(leases: readonly EndpointLease[]): [ids: number[], generations: number[]] {
  return [
    leases.map(({ endpointId }) => fromEndpointId(endpointId)),
    leases.map(({ generation }) => generation),
  ];
}

function toLeased(row: Row): Leased {
  const lease = { endpointId: toEndpointId(row['id'] as number), generation: row['generation'] as number };
  return { endpoint: toEndpoint(row), lease };
}
