import { deliveryStates, type Delivery, type DeliveryAttempt } from '../../domain/delivery.js';
import type { DeliveriesReader, DeliveryCauses, DeliveryQuery, OpenDelivery } from '../deliveries.js';
import { cutPage } from '../../domain/cut-page.js';
import { lookedAt, toCauses } from '../rows/delivery-causes.js';
import { fromDeliveryId, toDelivery, toDeliveryStateNumber, toOpenDelivery } from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import type { Database } from './database.js';
import { attemptsOf } from './delivery-attempts.js';
import { coveredSeqs, deliveriesOfSeq } from './delivery-stretches.js';
import { findDelivery, findEndpoint, ofNoRemoved, replayable } from './find-present.js';

/**
 * Pages follow an index. Where it begins with the endpoint, conditions and order are of (endpoint, id) together: with
 * `endpoint = $1 ORDER BY id` an index over ids alone is in order too, and the planner, which does not know of the
 * endpoint that has little between others that have millions, may walk that one.
 */
export class DeliveriesTableReader implements DeliveriesReader {
  constructor(private readonly database: Database) {}

  async list(query: DeliveryQuery): Promise<{ items: Delivery[]; next?: string }> {
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : fromDeliveryId(query.after);
    const rows = await this.#rows(query, before);
    const { items, last } = cutPage(rows, query.limit, toDelivery);
    return last ? { items, next: toDelivery(last).id } : { items };
  }

  async get(id: string): Promise<Delivery | undefined> {
    const row = await findDelivery(this.database, id);
    return row && toDelivery(row);
  }

  async attempts(id: string): Promise<DeliveryAttempt[]> {
    const row = await findDelivery(this.database, id);
    return row ? await attemptsOf(this.database, row) : [];
  }

  async seqs(id: string): Promise<number[]> {
    const row = await findDelivery(this.database, id);
    return row ? fromSeqRuns(row['seqs'] as string) : [];
  }

  async open(endpointId: string, limit: number): Promise<OpenDelivery[]> {
    const { rows } = await this.database.transaction(
      ({ run }) => run(selectOpen, [fromEndpointId(endpointId), limit]),
      { isBrief: true, looksUp: true },
    );
    return rows.map(toOpenDelivery);
  }

  async covered(endpointId: string, seqs: readonly number[]): Promise<number[]> {
    return await coveredSeqs(this.database, fromEndpointId(endpointId), seqs);
  }

  async causes(endpointId?: string): Promise<DeliveryCauses> {
    const columns = 'id, endpoint, reason, count, created_at';
    return toCauses(await this.#waiting(columns, endpointId, Number.MAX_SAFE_INTEGER, lookedAt + 1));
  }

  async #waiting(
    columns: string,
    endpointId: string | undefined,
    before: number,
    limit: number,
  ): Promise<Row[]> {
    const { rows } = await this.database.transaction(
      ({ run }) =>
        endpointId === undefined
          ? run(newestDeadSql(columns, 'true'), [before, limit])
          : run(newestDeadSql(columns, 'of.id = $3::bigint'), [before, limit, fromEndpointId(endpointId)]),
      { isBrief: true, looksUp: true },
    );
    return rows;
  }

  #rows(query: DeliveryQuery, before: number): Promise<Row[]> {
    const { endpointId, seq, limit } = query;
    if (seq !== undefined) return deliveriesOfSeq(this.database, seq, { ...query, limit: limit + 1 }, before);
    if (query.isWaiting) return this.#waiting('*', endpointId, before, limit + 1);
    return endpointId === undefined
      ? this.#ofAll(query, before)
      : this.#ofEndpoint(query, endpointId, before);
  }

  async #ofAll({ state, limit }: DeliveryQuery, before: number): Promise<Row[]> {
    const ofState = state ? `state = ${toDeliveryStateNumber(state)} AND` : '';
    const { rows } = await this.database.run(
      `SELECT * FROM deliveries WHERE ${ofState} ${ofNoRemoved} AND id < $1 ORDER BY id DESC LIMIT $2`,
      [before, limit + 1],
    );
    return rows;
  }

  /** Each state lies in an index by age; without a state, the heads of all three are merged. */
  async #ofEndpoint({ state, limit }: DeliveryQuery, endpointId: string, before: number): Promise<Row[]> {
    const endpoint = (await findEndpoint(this.database, endpointId))?.['id'];
    if (endpoint === undefined) return [];
    const heads = (state ? [state] : deliveryStates).map(
      (each) =>
        `(SELECT * FROM deliveries WHERE state = ${toDeliveryStateNumber(each)} AND (endpoint, id) < ($1::bigint, $2::bigint)
          AND (endpoint, id) > ($1::bigint, 0) ORDER BY endpoint DESC, id DESC LIMIT $3)`,
    );
    const { rows } = await this.database.run(
      `SELECT * FROM (${heads.join(' UNION ALL ')}) heads ORDER BY id DESC LIMIT $3`,
      [endpoint, before, limit + 1],
    );
    return rows;
  }
}

const selectOpen = `
  SELECT * FROM deliveries WHERE next_attempt_at IS NOT NULL AND (endpoint, place) >= ($1::bigint, 0)
  AND (endpoint, place) < ($1::bigint + 1, 0) ORDER BY endpoint, place, place_offset LIMIT $2`;

/** The newest of all are among the newest of each: an index holds them by endpoint. */
function newestDeadSql(columns: string, which: string): string {
  return `
  SELECT newest.* FROM endpoints AS of CROSS JOIN LATERAL (
    SELECT ${columns} FROM deliveries
    WHERE ${replayable} AND (endpoint, id) > (of.id, 0) AND (endpoint, id) < (of.id, $1::bigint)
    ORDER BY endpoint DESC, id DESC LIMIT $2::bigint
  ) AS newest WHERE of.is_removed = 0 AND ${which} ORDER BY newest.id DESC LIMIT $2::bigint`;
}
