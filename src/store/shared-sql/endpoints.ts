import type { Endpoint, EndpointSecret, EndpointStart } from '../../domain/endpoint.js';
import { countedDead, type EndpointsReader, type EndpointsWriter } from '../endpoints.js';
import { fromSeqRuns, toDeliveryStateNumber, toStretches } from '../rows/delivery-row.js';
import { fromEndpointId, rotatedSecrets, toEndpoint } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import { findEndpoint, replayable } from './delivery-rows.js';
import { type OperationsOf, read, write } from './operations.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf, type SqlParameter, wake, type Work } from './work.js';

export function createEndpoints(dialect: SqlDialect): OperationsOf<EndpointsReader> {
  const tallyOf = (state: 'pending' | 'delivered'): string =>
    `coalesce((SELECT count FROM delivery_tallies
       WHERE endpoint = $1 AND state = ${toDeliveryStateNumber(state)}), 0)`;
  const tallySql = `
    SELECT ${tallyOf('pending')} AS pending, ${tallyOf('delivered')} AS delivered,
      (SELECT count(*) FROM (SELECT 1 FROM ${replayable(dialect)} AND endpoint = $1 LIMIT ${countedDead}) AS waiting)
        AS dead,
      (SELECT min(next_attempt_at) FROM deliveries WHERE endpoint = $1 AND next_attempt_at IS NOT NULL)
        AS next_attempt_at
    FROM endpoints WHERE id = $1 AND is_removed = 0`;
  return {
    list: read(function* () {
      return (yield* rowsOf('SELECT * FROM endpoints WHERE is_removed = 0 ORDER BY id')).map(toEndpoint);
    }),

    get: read(function* (id) {
      const row = yield* findEndpoint(id);
      return row && toEndpoint(row);
    }),

    tally: read(function* (id) {
      const row = yield* rowOf(tallySql, fromEndpointId(id));
      if (!row) return { pending: 0, delivered: 0, dead: 0 };
      const nextAttemptAt = row['next_attempt_at'];
      return {
        pending: row['pending'] as number,
        delivered: row['delivered'] as number,
        dead: row['dead'] as number,
        ...(typeof nextAttemptAt === 'number' ? { nextAttemptAt } : {}),
      };
    }),
  };
}

/** Endpoints as the operator changes them; whoever serves them is woken. What serving them changes is in dispatch.ts. */
export function createEndpointsWriter(dialect: SqlDialect): OperationsOf<EndpointsWriter> {
  const claim = (id: string): Work<Row | undefined> => findEndpoint(id, dialect.claimed);
  return {
    create: write(function* ({ settings, start, secret, now }) {
      const secrets: EndpointSecret[] = [{ secret, createdAt: now }];
      return yield* written(
        'INSERT INTO endpoints (settings, secrets, start, cursor, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING *',
        JSON.stringify(settings),
        JSON.stringify(secrets),
        JSON.stringify(start),
        yield* cursorFor(dialect, start),
        now,
      );
    }),

    change: write(function* (id, { settings, isPaused }) {
      const row = yield* claim(id);
      if (!row) return undefined;
      const before = toEndpoint(row);
      const next = settings ?? before.settings;
      const health = next.url === before.settings.url ? before.health : { failuresInARow: 0 };
      return yield* written(
        `UPDATE endpoints SET settings = $2, is_paused = $3, failures_in_a_row = $4, probe_at = $5 WHERE id = $1
         RETURNING *`,
        row['id'] as number,
        JSON.stringify(next),
        Number(isPaused ?? before.isPaused),
        health.failuresInARow,
        health.probeAt ?? null,
      );
    }),

    remove: write(function* (id) {
      // The raised generation refuses whatever is still under way for it.
      const removed = yield* change(
        `UPDATE endpoints SET is_removed = 1, leased_until = NULL, generation = generation + 1
         WHERE id = $1 AND is_removed = 0`,
        fromEndpointId(id),
      );
      if (removed === 1) yield* wake('endpoints');
      return removed === 1;
    }),

    rotateSecret: write(function* (id, secret, othersUntil) {
      const row = yield* claim(id);
      if (!row) return undefined;
      const secrets = rotatedSecrets(toEndpoint(row).secrets, secret, othersUntil);
      return yield* written(
        'UPDATE endpoints SET secrets = $2 WHERE id = $1 RETURNING *',
        row['id'] as number,
        JSON.stringify(secrets),
      );
    }),

    // In one transaction no more than `limit`, so that no push of another endpoint waits long for it.
    sweepRemoved: write(function* (limit) {
      const removed = yield* rowsOf(
        `SELECT id FROM endpoints WHERE is_removed = 1 ORDER BY id${dialect.claimedIfFree}`,
      );
      let swept = 0;
      for (const row of removed) {
        const endpoint = row['id'] as number;
        swept += yield* sweepDeliveries(dialect, endpoint, limit - swept);
        if (swept >= limit) break;
        // The rest is small.
        for (const table of ['delivery_tallies', 'replays'])
          yield* change(`DELETE FROM ${table} WHERE endpoint = $1`, endpoint);
        yield* change('DELETE FROM endpoints WHERE id = $1', endpoint);
      }
      return swept;
    }),
  };
}

function* cursorFor(dialect: SqlDialect, start: EndpointStart): Work<number> {
  if (start === 'beginning') return 0;
  if (start === 'now') return ((yield* rowOf(dialect.lastSeq))?.['seq'] as number | null | undefined) ?? 0;
  return ((yield* rowOf(dialect.seqAt, start.at))?.['seq'] as number) - 1;
}

/** An endpoint that was created or changed. */
function* written(sql: string, ...values: SqlParameter[]): Work<Endpoint> {
  const row = yield* rowOf(sql, ...values);
  if (!row) throw new Error('an endpoint that was written is not there');
  yield* wake('endpoints');
  return toEndpoint(row);
}

function* sweepDeliveries(dialect: SqlDialect, endpoint: number, limit: number): Work<number> {
  const { where, ascending } = dialect.ofIndex({ equal: [['endpoint', '$1']], column: 'id' });
  let swept = 0;
  for (const state of [0, 1, 2]) {
    const rows = yield* rowsOf(
      `SELECT id, seqs FROM deliveries WHERE state = ${state} AND ${where} ORDER BY ${ascending} LIMIT $2`,
      ...[endpoint, limit - swept],
    );
    if (rows.length > 0) yield* deleteDeliveries(dialect, endpoint, rows);
    swept += rows.length;
    if (swept >= limit) break;
  }
  return swept;
}

function* deleteDeliveries(
  { isOneOf, toList }: SqlDialect,
  endpoint: number,
  rows: readonly Row[],
): Work<void> {
  const ofStretch = new Map<number, number[]>();
  for (const row of rows) {
    for (const stretch of toStretches(fromSeqRuns(row['seqs'] as string))) {
      const noted = ofStretch.get(stretch) ?? [];
      noted.push(row['id'] as number);
      ofStretch.set(stretch, noted);
    }
  }
  for (const [stretch, deliveries] of ofStretch) {
    yield* change(
      `DELETE FROM delivery_stretches WHERE endpoint = $1 AND stretch = $2 AND ${isOneOf('delivery', '$3')}`,
      ...[endpoint, stretch, toList(deliveries)],
    );
  }
  const ids = toList(rows.map((row) => row['id'] as number));
  yield* change(`DELETE FROM delivery_attempts WHERE ${isOneOf('delivery', '$1')}`, ids);
  yield* change(`DELETE FROM deliveries WHERE ${isOneOf('id', '$1')}`, ids);
}
