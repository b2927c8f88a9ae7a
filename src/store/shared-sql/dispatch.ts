import type { Endpoint } from '../../domain/endpoint.js';
import type { DeliverySettlement, Dispatch, EndpointLease, OpenDelivery, ReplayStep } from '../deliveries.js';
import {
  type HeldEndpoints,
  isNextStep,
  leasedEndpoint,
  type NumberedAttempt,
  planStep,
  repeatable,
  SettlementFold,
  takeCuts,
  TallyChanges,
} from '../fold/deliveries.js';
import {
  type DeliveryRow,
  fromDeliveryId,
  keptProbes,
  settledColumns,
  toExchange,
} from '../rows/delivery-row.js';
import { type EndpointRow, fromEndpointId, toEndpoint, toEndpointId } from '../rows/endpoint-row.js';
import { fromReplayId, replayState } from '../rows/replay-row.js';
import { type Columns, isFreeSql, type Row } from '../rows/row.js';
import { addDeliveries, writeTallies } from './delivery-rows.js';
import { brief, type OperationsOf, read, write } from './operations.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, insertRows, rowOf, rowsOf, updateRows, wake, type Work } from './work.js';

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
 * PostgreSQL may forget while its clients live on: what was not on its disk when it crashed, or had not reached the
 * standby that was promoted. A renewal may be forgotten, so it does not wait for the disk. An acquisition that is must
 * not come again under the same generation, with two holders then: there a generation is no smaller than its instant.
 *
 * What many cuts, settlements or steps change is worked out by fold/deliveries.ts, and written in a few statements.
 */
export function createDispatch(dialect: SqlDialect): OperationsOf<Dispatch> {
  const { claimedIfFree, isOneOf, toList, nextGeneration } = dialect;
  return {
    acquire: write(function* ({ now, until, limit }) {
      const free = yield* rowsOf(
        `SELECT id FROM endpoints WHERE is_removed = 0 AND ${isFreeSql('$1')} ORDER BY id LIMIT $2${claimedIfFree}`,
        ...[now, limit],
      );
      if (free.length === 0) return [];
      const rows = yield* rowsOf(
        `UPDATE endpoints SET generation = ${nextGeneration('$2')}, leased_until = $1 WHERE ${isOneOf('id', '$3')}
         RETURNING *`,
        ...[until, now, toList(free.map(({ id }) => id as number))],
      );
      return toLeased(rows);
    }),

    renew: brief(function* (leases, until) {
      const ours = yield* ownIds(dialect, leases);
      if (ours.length === 0) return [];
      const rows = yield* rowsOf(
        `UPDATE endpoints SET leased_until = $1 WHERE ${isOneOf('id', '$2')} RETURNING *`,
        ...[until, toList(ours)],
      );
      return toLeased(rows);
    }),

    release: brief(function* (leases) {
      const ours = yield* ownIds(dialect, leases);
      if (ours.length === 0) return;
      yield* change(`UPDATE endpoints SET leased_until = NULL WHERE ${isOneOf('id', '$1')}`, toList(ours));
      yield* wake('endpoints');
    }),

    count: read(function* (now) {
      const row = yield* rowOf(
        `SELECT count(*) AS endpoints, count(*) FILTER (WHERE ${isFreeSql('$1')}) AS free
         FROM endpoints WHERE is_removed = 0`,
        now,
      );
      return { endpoints: row?.['endpoints'] as number, free: row?.['free'] as number };
    }),

    cut: write(
      function* (cuts) {
        const held = yield* holdEndpoints(
          dialect,
          cuts.map(({ lease }) => lease),
        );
        const taken = takeCuts(held, cuts);
        yield* updateRows(
          'endpoints',
          { id: 'bigint', cursor: 'bigint' },
          [...taken.cursors].map(([id, cursor]) => ({ id, cursor })),
        );
        const tallies = new TallyChanges();
        const made = yield* addDeliveries(dialect, taken.deliveries, tallies);
        yield* writeTallies(tallies);
        return cuts.map(({ batches }, index) =>
          taken.endpoints[index] === undefined ? undefined : made.splice(0, batches.length),
        );
      },
      // A cursor that falls back with a loss of power finds once more that nothing there was for its endpoint.
      { isBrief: (cuts) => cuts.every(({ batches }) => batches.length === 0) },
    ),

    settle: write((settlements) => settleAll(dialect, settlements), {
      dated: (settlements) => [
        { table: 'delivery_attempts', at: settlements.map(({ attempt }) => attempt.at) },
      ],
    }),

    cutReplay: write(function* (step) {
      const held = yield* holdEndpoints(dialect, [step.lease]);
      const endpoint = leasedEndpoint(held, step.lease);
      return endpoint && (yield* cutReplay(dialect, endpoint.id, step));
    }),
  };
}

function toLeased(rows: readonly Row[]): Leased[] {
  return (rows as EndpointRow[])
    .toSorted((a, b) => a.id - b.id)
    .map((row) => ({
      endpoint: toEndpoint(row),
      lease: { endpointId: toEndpointId(row.id), generation: row.generation },
    }));
}

/**
 * Holds endpoints, in the order of their ids, before anything else is looked at: until the transaction ends no lease,
 * no cursor and no delivery of theirs is changed by another. Whoever writes deliveries begins here, so two never wait
 * for each other. Those that are gone are left out.
 */
function* holdEndpoints(
  { isOneOf, toList, claimed }: SqlDialect,
  leases: readonly EndpointLease[],
): Work<HeldEndpoints> {
  const ids = new Set(leases.map(({ endpointId }) => fromEndpointId(endpointId)));
  const rows = yield* rowsOf(
    `SELECT id, cursor, generation, leased_until, is_removed, failures_in_a_row, probe_at FROM endpoints
     WHERE ${isOneOf('id', '$1')} ORDER BY id${claimed}`,
    toList([...ids]),
  );
  return new Map((rows as EndpointRow[]).map((row) => [row.id, row]));
}

function* ownIds(dialect: SqlDialect, leases: readonly EndpointLease[]): Work<number[]> {
  const held = yield* holdEndpoints(dialect, leases);
  return leases.flatMap((lease) => leasedEndpoint(held, lease)?.id ?? []);
}

function* settleAll(dialect: SqlDialect, settlements: readonly DeliverySettlement[]): Work<boolean[]> {
  const endpoints = yield* holdEndpoints(
    dialect,
    settlements.map(({ lease }) => lease),
  );
  const deliveries = yield* loadDeliveries(dialect, settlements);
  const kept = yield* keptAttempts(dialect, repeatable(settlements, deliveries));
  const fold = new SettlementFold({ endpoints, deliveries, keptAttempts: kept });
  const answers = settlements.map((settlement) => fold.take(settlement));
  yield* writeHealths(endpoints, fold);
  yield* updateRows('deliveries', settledColumns, [...fold.changed]);
  yield* addDeliveries(dialect, fold.halves, fold.tallies);
  yield* addAttempts(dialect, fold.attempts);
  yield* writeTallies(fold.tallies);
  return answers;
}

function* loadDeliveries(
  { isOneOf, toList, familiesOf }: SqlDialect,
  settlements: readonly DeliverySettlement[],
): Work<Map<number, DeliveryRow>> {
  const ids = new Set(settlements.map(({ deliveryId }) => fromDeliveryId(deliveryId)));
  const rows = (yield* rowsOf(
    `SELECT * FROM deliveries WHERE ${isOneOf('id', '$1')}`,
    toList([...ids]),
  )) as DeliveryRow[];
  const deliveries = new Map(rows.map((row) => [row.id, row]));
  const wholes = new Set(rows.flatMap((row) => row.half_of ?? []));
  if (wholes.size === 0) return deliveries;
  const families = (yield* rowsOf(familiesOf('$1'), toList([...wholes]))) as DeliveryRow[];
  for (const row of families) if (!deliveries.has(row.id)) deliveries.set(row.id, row);
  return deliveries;
}

const keyColumns = ['delivery', 'at', 'is_probe', 'outcome', 'reason', 'duration_ms'];

/** Keys of those of the attempts that are kept already. */
function* keptAttempts(
  { isOneOf, toList, withinMonths }: SqlDialect,
  asked: readonly NumberedAttempt[],
): Work<Set<string>> {
  if (asked.length === 0) return new Set();
  const instants = asked.map(({ attempt }) => attempt.at);
  const rows = yield* rowsOf(
    `SELECT ${keyColumns.join(', ')} FROM delivery_attempts WHERE ${isOneOf('delivery', '$1')}
     AND ${isOneOf('at', '$2')} AND ${withinMonths(Math.min(...instants), Math.max(...instants))}`,
    toList(asked.map(({ delivery }) => delivery)),
    toList(instants),
  );
  return new Set(rows.map((row) => keyColumns.map((column) => row[column]).join(' ')));
}

/** How the endpoints answer, where that is news. */
function* writeHealths(endpoints: HeldEndpoints, { healths }: SettlementFold): Work<void> {
  const rows = [...healths].map(([id, { failuresInARow, probeAt = null }]) => ({
    id,
    failures_in_a_row: failuresInARow,
    probe_at: probeAt,
  }));
  yield* updateRows(
    'endpoints',
    { id: 'bigint', failures_in_a_row: 'bigint', probe_at: 'bigint' },
    rows.filter(({ id, failures_in_a_row: failures, probe_at: probeAt }) => {
      const row = endpoints.get(id);
      return row?.failures_in_a_row !== failures || row.probe_at !== probeAt;
    }),
  );
}

const attemptColumns = {
  delivery: 'bigint',
  at: 'bigint',
  outcome: 'text',
  reason: 'text',
  status: 'integer',
  duration_ms: 'bigint',
  address: 'text',
  is_probe: 'smallint',
  exchange: 'text',
} as const satisfies Columns;

function* addAttempts(dialect: SqlDialect, added: readonly NumberedAttempt[]): Work<void> {
  const rows = added.map(({ delivery, attempt }) => ({
    ...dialect.toMonthColumns(attempt.at),
    delivery,
    at: attempt.at,
    outcome: attempt.outcome,
    reason: attempt.reason,
    status: attempt.status ?? null,
    duration_ms: Math.round(attempt.durationMs),
    address: attempt.address ?? null,
    is_probe: attempt.isProbe ? 1 : 0,
    exchange: toExchange(attempt),
  }));
  yield* insertRows('delivery_attempts', { ...dialect.monthColumns, ...attemptColumns }, rows);
  const probed = new Set(added.filter(({ attempt }) => attempt.isProbe).map(({ delivery }) => delivery));
  if (probed.size > 0) yield* forgetProbes(dialect, [...probed]);
}

function* forgetProbes({ isOneOf, toList }: SqlDialect, deliveries: readonly number[]): Work<void> {
  const old = yield* rowsOf(
    `SELECT delivery, id FROM (
       SELECT delivery, id, row_number() OVER (PARTITION BY delivery ORDER BY id DESC) AS age FROM delivery_attempts
       WHERE ${isOneOf('delivery', '$1')} AND is_probe = 1
     ) AS probes WHERE age > ${keptProbes}`,
    toList(deliveries),
  );
  if (old.length === 0) return;
  yield* change(
    `DELETE FROM delivery_attempts WHERE ${isOneOf('delivery', '$1')} AND ${isOneOf('id', '$2')}`,
    toList(old.map((row) => row['delivery'] as number)),
    toList(old.map((row) => row['id'] as number)),
  );
}

/** One step of a replay of the endpoint, which is held under its lease. */
function* cutReplay(
  dialect: SqlDialect,
  endpoint: number,
  step: ReplayStep,
): Work<OpenDelivery[] | undefined> {
  const replay = yield* rowOf(
    `SELECT id, position FROM replays WHERE id = $1 AND endpoint = $2 AND state = ${replayState.running}${dialect.claimed}`,
    ...[fromReplayId(step.replayId), endpoint],
  );
  if (!replay || !isNextStep(step, replay['position'] as number)) return undefined;
  const planned = planStep(endpoint, step, yield* deadDeliveries(dialect, endpoint, step.repeats));
  const tallies = new TallyChanges();
  const made = yield* addDeliveries(dialect, planned, tallies);
  const replayed = planned.flatMap(({ replay_of: id }, index) => {
    const as = made[index];
    return id === null || !as ? [] : [{ id, as: fromDeliveryId(as.id) }];
  });
  if (replayed.length > 0) yield* dialect.markReplayed(replayed);
  yield* change(
    `UPDATE replays SET position = $2, deliveries = deliveries + $3, messages = messages + $4, state = $5, ended_at = $6
     WHERE id = $1`,
    replay['id'] as number,
    step.position,
    made.length,
    made.reduce((sum, { seqs }) => sum + seqs.length, 0),
    step.isDone ? replayState.done : replayState.running,
    step.isDone ? step.now : null,
  );
  yield* writeTallies(tallies);
  return made;
}

/** Numbers of those that are dead and not replayed yet. */
function* deadDeliveries(
  { isOneOf, toList }: SqlDialect,
  endpoint: number,
  ids: readonly string[],
): Work<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = yield* rowsOf(
    `SELECT id FROM deliveries WHERE ${isOneOf('id', '$1')} AND endpoint = $2 AND state = 2 AND replayed_as IS NULL`,
    ...[toList(ids.map(fromDeliveryId)), endpoint],
  );
  return new Set(rows.map((row) => row['id'] as number));
}
