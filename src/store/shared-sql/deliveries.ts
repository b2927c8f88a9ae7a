import { cutPage } from '../../domain/cut-page.js';
import { deliveryStates } from '../../domain/delivery.js';
import type { DeliveriesReader, DeliveryQuery } from '../deliveries.js';
import {
  fromDeliveryId,
  fromSeqRuns,
  lookedAt,
  stretchOf,
  toCauses,
  toDelivery,
  toDeliveryAttempt,
  toDeliveryStateNumber,
  toOpenDelivery,
  toStretches,
} from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import { findDelivery, findEndpoint, ofNoRemoved } from './delivery-rows.js';
import { type OperationsOf, page, read } from './operations.js';
import type { SqlDialect } from './sql-dialect.js';
import { rowsOf, type Work } from './work.js';

/** Whoever attempted a delivery may have a clock a little behind that of whoever made it. */
const clockDifferenceMs = 86_400_000;

/** Pages follow an index. */
export function createDeliveries(dialect: SqlDialect): OperationsOf<DeliveriesReader> {
  const open = dialect.ofIndex({ equal: [['endpoint', '$1']], column: 'place' });
  return {
    list: page(function* (query) {
      const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : fromDeliveryId(query.after);
      const rows = yield* rowsOfPage(dialect, query, before);
      const { items, last } = cutPage(rows, query.limit, toDelivery);
      return last ? { items, next: toDelivery(last).id } : { items };
    }),

    get: read(function* (id) {
      const row = yield* findDelivery(id);
      return row && toDelivery(row);
    }),

    attempts: read(function* (id) {
      const row = yield* findDelivery(id);
      if (!row) return [];
      const madeAt = (row['created_at'] as number) - clockDifferenceMs;
      const rows = yield* rowsOf(
        `SELECT * FROM delivery_attempts WHERE delivery = $1 AND ${dialect.withinMonths(madeAt)} ORDER BY id`,
        row['id'] as number,
      );
      return rows.map(toDeliveryAttempt);
    }),

    seqs: read(function* (id) {
      const row = yield* findDelivery(id);
      return row ? fromSeqRuns(row['seqs'] as string) : [];
    }),

    open: page(function* (endpointId, limit) {
      const rows = yield* rowsOf(
        `SELECT * FROM deliveries WHERE next_attempt_at IS NOT NULL AND ${open.where}
         ORDER BY ${open.ascending}, place_offset LIMIT $2`,
        ...[fromEndpointId(endpointId), limit],
      );
      return rows.map(toOpenDelivery);
    }),

    covered: read(function* (endpointId, seqs) {
      const covered = new Set<number>();
      for (const stretch of toStretches(seqs)) {
        const asked = seqs.filter((seq) => stretchOf(seq) === stretch);
        const rows = yield* rowsOf(
          dialect.coveringSeqs,
          ...[fromEndpointId(endpointId), stretch, Math.max(...asked), Math.min(...asked)],
        );
        for (const row of rows) for (const seq of fromSeqRuns(row['seqs'] as string)) covered.add(seq);
      }
      return seqs.filter((seq) => covered.has(seq));
    }),

    causes: page(function* (endpointId) {
      const rows = yield* dialect.newestWaiting({
        columns: 'id, endpoint, reason, count, created_at',
        endpoint: endpointId === undefined ? undefined : fromEndpointId(endpointId),
        before: Number.MAX_SAFE_INTEGER,
        limit: lookedAt + 1,
      });
      return toCauses(rows);
    }),
  };
}

/** Rows of a page, newest first, and at least one more where there is more. */
function* rowsOfPage(dialect: SqlDialect, query: DeliveryQuery, before: number): Work<Row[]> {
  const { endpointId, seq, isWaiting } = query;
  const endpoint = endpointId === undefined ? undefined : fromEndpointId(endpointId);
  const limit = query.limit + 1;
  const state = query.state && toDeliveryStateNumber(query.state);
  if (seq !== undefined) return yield* dialect.newestWithSeq({ endpoint, seq, state, before, limit });
  if (isWaiting) return yield* dialect.newestWaiting({ columns: '*', endpoint, before, limit });
  if (endpointId !== undefined) return yield* rowsOfEndpoint(dialect, endpointId, state, before, limit);
  const ofState = state === undefined ? '' : `state = ${state} AND`;
  return yield* rowsOf(
    `SELECT * FROM deliveries WHERE ${ofState} ${ofNoRemoved} AND id < $1 ORDER BY id DESC LIMIT $2`,
    ...[before, limit],
  );
}

/** Each state lies in an index by age; without a state, the heads of all three are merged. */
function* rowsOfEndpoint(
  dialect: SqlDialect,
  endpointId: string,
  state: number | undefined,
  before: number,
  limit: number,
): Work<Row[]> {
  const endpoint = (yield* findEndpoint(endpointId))?.['id'] as number | undefined;
  if (endpoint === undefined) return [];
  const { where, descending } = dialect.ofIndex({
    equal: [['endpoint', '$1']],
    column: 'id',
    below: '$2',
  });
  const states = state === undefined ? deliveryStates.map(toDeliveryStateNumber) : [state];
  const rows: Row[] = [];
  for (const each of states) {
    rows.push(
      ...(yield* rowsOf(
        `SELECT * FROM deliveries WHERE state = ${each} AND ${where} ORDER BY ${descending} LIMIT $3`,
        ...[endpoint, before, limit],
      )),
    );
  }
  return rows.sort((a, b) => (b['id'] as number) - (a['id'] as number));
}
