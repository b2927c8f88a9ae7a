import type {
  Cut,
  DeliverySettlement,
  Dispatch,
  EndpointLease,
  OpenDelivery,
  ReplayStep,
} from '../deliveries.js';
import type { Endpoint, EndpointHealth } from '../../domain/endpoint.js';
import { fromDeliveryId, isSettledSo } from '../rows/delivery-row.js';
import { fromEndpointId, toEndpoint, toEndpointId } from '../rows/endpoint-row.js';
import type { Connection, Row } from './connection.js';
import { DeliveriesTable } from './deliveries-table.js';
import { DeliveryAttemptsTable } from './delivery-attempts-table.js';
import { cutReplay } from './replay-steps.js';
import type { Synchronous } from './synchronous.js';
import { isFreeSql } from '../rows/free-lease.js';

type Leased = { endpoint: Endpoint; lease: EndpointLease };

/**
 * Endpoints as work, and their deliveries. An endpoint is leased, not a delivery: whoever has it is the only
 * one that cuts and sends for it, so its order is kept by one process, in memory.
 *
 *   free ──(acquire: generation + 1)──▶ leased ──(release, or the lease runs out and somebody acquires)──▶ free
 *
 * Whatever is written for an endpoint names the generation of its lease. Whoever was paused past its lease
 * therefore writes nothing once another has acquired: its pushes may have been sent, and are sent again by
 * the other under the same webhook-id. Leases do not wait for the disk: a loss of power ends the holder too.
 */
export class DispatchTable implements Synchronous<Dispatch> {
  readonly #deliveries: DeliveriesTable;
  readonly #attempts: DeliveryAttemptsTable;

  constructor(private readonly connection: Connection) {
    this.#deliveries = new DeliveriesTable(connection);
    this.#attempts = new DeliveryAttemptsTable(connection);
  }

  acquire({ now, until, limit }: { now: number; until: number; limit: number }): Leased[] {
    return this.connection.briefTransaction(() =>
      this.connection
        .prepare(`SELECT id FROM endpoints WHERE is_removed = 0 AND ${isFreeSql('?1')} ORDER BY id LIMIT ?2`)
        .all(now, limit)
        .flatMap(({ id }) =>
          this.connection
            .prepare(
              'UPDATE endpoints SET generation = generation + 1, leased_until = ? WHERE id = ? RETURNING *',
            )
            .all(until, id as number),
        )
        .map(toLeased),
    );
  }

  renew(leases: readonly EndpointLease[], until: number): Leased[] {
    return this.connection.briefTransaction(() =>
      leases
        .flatMap(({ endpointId, generation }) =>
          this.connection
            .prepare(
              `UPDATE endpoints SET leased_until = ? WHERE id = ? AND generation = ? AND leased_until IS NOT NULL
               RETURNING *`,
            )
            .all(until, fromEndpointId(endpointId), generation),
        )
        .map(toLeased),
    );
  }

  release(leases: readonly EndpointLease[]): void {
    this.connection.briefTransaction(() => {
      const release = this.connection.prepare(
        'UPDATE endpoints SET leased_until = NULL WHERE id = ? AND generation = ?',
      );
      for (const { endpointId, generation } of leases) release.run(fromEndpointId(endpointId), generation);
    });
  }

  count(now: number): { endpoints: number; free: number } {
    const row = this.connection
      .prepare(
        `SELECT count(*) AS endpoints, count(*) FILTER (WHERE ${isFreeSql('?1')}) AS free
         FROM endpoints WHERE is_removed = 0`,
      )
      .get(now);
    return { endpoints: row?.['endpoints'] as number, free: row?.['free'] as number };
  }

  cut(cuts: readonly Cut[]): (OpenDelivery[] | undefined)[] {
    const cutAll = (): (OpenDelivery[] | undefined)[] => cuts.map((cut) => this.#cut(cut));
    // A cursor that falls back with a loss of power finds once more that nothing there was for its endpoint.
    return cuts.some(({ batches }) => batches.length > 0)
      ? this.connection.transaction(cutAll)
      : this.connection.briefTransaction(cutAll);
  }

  settle(settlements: readonly DeliverySettlement[]): boolean[] {
    return this.connection.transaction(() => settlements.map((settlement) => this.#settle(settlement)));
  }

  /** As they cross from another thread: JSON. */
  settlePacked(text: string): boolean[] {
    return this.settle(JSON.parse(text) as DeliverySettlement[]);
  }

  cutReplay(step: ReplayStep): OpenDelivery[] | undefined {
    return this.connection.transaction(() => {
      const endpoint = this.#leased(step.lease);
      return endpoint && cutReplay(this.connection, this.#deliveries, endpoint['id'] as number, step);
    });
  }

  #cut({ lease, from, to, batches, now }: Cut): OpenDelivery[] | undefined {
    const endpoint = this.#leased(lease);
    if (endpoint?.['cursor'] !== from || to < from) return undefined;
    const id = endpoint['id'] as number;
    this.connection.prepare('UPDATE endpoints SET cursor = ? WHERE id = ?').run(to, id);
    return batches.map((batch) => this.#deliveries.add(id, batch, now));
  }

  #leased({ endpointId, generation }: EndpointLease): Row | undefined {
    return this.connection
      .prepare(
        'SELECT id, cursor FROM endpoints WHERE id = ? AND generation = ? AND leased_until IS NOT NULL',
      )
      .get(fromEndpointId(endpointId), generation);
  }

  #settle(settlement: DeliverySettlement): boolean {
    const { lease, deliveryId, attempt, verdict, health, now } = settlement;
    const endpoint = this.#leased(lease)?.['id'] as number | undefined;
    if (endpoint === undefined) return false;
    const row = this.connection
      .prepare('SELECT * FROM deliveries WHERE id = ? AND endpoint = ?')
      .get(fromDeliveryId(deliveryId), endpoint);
    if (!row) return false;
    const id = row['id'] as number;
    if (isSettledSo(row, verdict) && this.#attempts.has(id, attempt)) return true;
    if (row['next_attempt_at'] === null) return false;
    this.#attempts.add(id, attempt);
    this.#noteHealth(endpoint, health);
    if (verdict.kind === 'released') return true;
    if (!attempt.isProbe) {
      this.connection.prepare('UPDATE deliveries SET attempts = attempts + 1 WHERE id = ?').run(id);
    }
    switch (verdict.kind) {
      case 'delivered':
        this.#deliveries.settle(row, 'delivered', null, now);
        return true;
      case 'dead':
        this.#deliveries.settle(row, 'dead', attempt.reason, now);
        return true;
      case 'halved':
        this.#deliveries.halve(row, verdict.halves, now);
        return true;
      case 'retry':
        this.connection
          .prepare('UPDATE deliveries SET next_attempt_at = ?, reason = ? WHERE id = ?')
          .run(verdict.nextAttemptAt, attempt.reason, id);
        return true;
    }
  }

  #noteHealth(endpoint: number, { failuresInARow, probeAt }: EndpointHealth): void {
    this.connection
      .prepare(
        `UPDATE endpoints SET failures_in_a_row = ?1, probe_at = ?2
         WHERE id = ?3 AND (failures_in_a_row <> ?1 OR probe_at IS NOT ?2)`,
      )
      .run(failuresInARow, probeAt ?? null, endpoint);
  }
}

function toLeased(row: Row): Leased {
  const endpoint = toEndpoint(row);
  return {
    endpoint,
    lease: { endpointId: toEndpointId(row['id'] as number), generation: row['generation'] as number },
  };
}
