import { deliveryStates, type Delivery, type DeliveryAttempt } from '../../domain/delivery.js';
import type { DeliveriesReader, DeliveryCauses, DeliveryQuery, OpenDelivery } from '../deliveries.js';
import { cutPage } from '../../domain/cut-page.js';
import { lookedAt, toCauses } from '../rows/delivery-causes.js';
import { fromDeliveryId, toDelivery, toDeliveryStateNumber, toOpenDelivery } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import type { Connection, Row } from './connection.js';
import { DeliveryAttemptsTable } from './delivery-attempts-table.js';
import { coveredSeqs, deliveriesOfSeq } from './delivery-stretches.js';
import { findDelivery, findEndpoint, ofNoRemoved, replayable } from './find-present.js';
import type { Synchronous } from './synchronous.js';

export class DeliveriesTableReader implements Synchronous<DeliveriesReader> {
  readonly #attempts: DeliveryAttemptsTable;

  constructor(private readonly connection: Connection) {
    this.#attempts = new DeliveryAttemptsTable(connection);
  }

  list(query: DeliveryQuery): { items: Delivery[]; next?: string } {
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : fromDeliveryId(query.after);
    const rows = this.#rows(query, before);
    const { items, last } = cutPage(rows, query.limit, toDelivery);
    return last ? { items, next: toDelivery(last).id } : { items };
  }

  get(id: string): Delivery | undefined {
    const row = findDelivery(this.connection, id);
    return row && toDelivery(row);
  }

  attempts(id: string): DeliveryAttempt[] {
    const row = findDelivery(this.connection, id);
    return row ? this.#attempts.of(row['id'] as number) : [];
  }

  seqs(id: string): number[] {
    const row = findDelivery(this.connection, id);
    return row ? fromSeqRuns(row['seqs'] as string) : [];
  }

  open(endpointId: string, limit: number): OpenDelivery[] {
    return this.connection
      .prepare(
        `SELECT * FROM deliveries WHERE endpoint = ? AND next_attempt_at IS NOT NULL
         ORDER BY place, place_offset LIMIT ?`,
      )
      .all(fromEndpointId(endpointId), limit)
      .map(toOpenDelivery);
  }

  covered(endpointId: string, seqs: readonly number[]): number[] {
    return coveredSeqs(this.connection, fromEndpointId(endpointId), seqs);
  }

  causes(endpointId?: string): DeliveryCauses {
    const endpoints = this.#endpoints(endpointId);
    // The newest of all are among the newest of each: an index holds them by endpoint.
    const newest = this.connection.prepare(
      `SELECT id, endpoint, reason, count, created_at FROM ${replayable} AND endpoint = ? ORDER BY id DESC LIMIT ${lookedAt + 1}`,
    );
    const rows = endpoints.flatMap((endpoint) => newest.all(endpoint));
    rows.sort((a, b) => (b['id'] as number) - (a['id'] as number));
    return toCauses(rows.slice(0, lookedAt + 1));
  }

  #endpoints(endpointId?: string): number[] {
    const rows =
      endpointId === undefined
        ? this.connection.prepare('SELECT id FROM endpoints WHERE is_removed = 0').all()
        : [findEndpoint(this.connection, endpointId)];
    return rows.flatMap((row) => (row ? [row['id'] as number] : []));
  }

  #rows(query: DeliveryQuery, before: number): Row[] {
    const { endpointId, seq } = query;
    if (seq !== undefined) return this.#ofSeq(query, seq, before);
    if (query.isWaiting) return this.#waiting(query, before);
    return endpointId === undefined
      ? this.#ofAll(query, before)
      : this.#ofEndpoint(query, endpointId, before);
  }

  /** Stretches are of an endpoint each: the newest of all are among the newest of each. */
  #ofSeq({ endpointId, state, limit }: DeliveryQuery, seq: number, before: number): Row[] {
    const page = { limit: limit + 1, ...(state ? { state } : {}) };
    const rows = this.#endpoints(endpointId).flatMap((endpoint) =>
      deliveriesOfSeq(this.connection, endpoint, seq, page, before),
    );
    return rows.sort((a, b) => (b['id'] as number) - (a['id'] as number));
  }

  /** The newest of all are among the newest of each. */
  #waiting({ endpointId, limit }: DeliveryQuery, before: number): Row[] {
    const newest = this.connection.prepare(
      `SELECT * FROM ${replayable} AND endpoint = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    );
    const rows = this.#endpoints(endpointId).flatMap((endpoint) => newest.all(endpoint, before, limit + 1));
    return rows.sort((a, b) => (b['id'] as number) - (a['id'] as number));
  }

  #ofAll({ state, limit }: DeliveryQuery, before: number): Row[] {
    const ofState = state ? `state = ${toDeliveryStateNumber(state)} AND` : '';
    return this.connection
      .prepare(`SELECT * FROM deliveries WHERE ${ofState} ${ofNoRemoved} AND id < ? ORDER BY id DESC LIMIT ?`)
      .all(before, limit + 1);
  }

  /** Each state lies in an index by age; without a state, the heads of all three are merged. */
  #ofEndpoint({ state, limit }: DeliveryQuery, endpointId: string, before: number): Row[] {
    const endpoint = findEndpoint(this.connection, endpointId)?.['id'];
    if (typeof endpoint !== 'number') return [];
    const states = (state ? [state] : deliveryStates).map(toDeliveryStateNumber);
    const rows = states.flatMap((number) =>
      this.connection
        .prepare(
          'SELECT * FROM deliveries WHERE endpoint = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?',
        )
        .all(endpoint, number, before, limit + 1),
    );
    return rows.sort((a, b) => (b['id'] as number) - (a['id'] as number));
  }
}
