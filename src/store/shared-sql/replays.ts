import type { DeliveryReason } from '../../domain/delivery.js';
import { newDelivery, TallyChanges } from '../fold/deliveries.js';
import type { Replay, ReplaySelection, ReplaysReader, ReplaysWriter } from '../replays.js';
import {
  deliveryStateOf,
  fromDeliveryId,
  fromSeqRuns,
  toDelivery,
  toDeliveryId,
} from '../rows/delivery-row.js';
import { fromEndpointId } from '../rows/endpoint-row.js';
import { fromReplayId, replayState, toReplay } from '../rows/replay-row.js';
import type { Row } from '../rows/row.js';
import {
  addDeliveries,
  findDelivery,
  findEndpoint,
  ofNoRemoved,
  replayable,
  writeTallies,
} from './delivery-rows.js';
import { type OperationsOf, read, write } from './operations.js';
import type { IndexReading, SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf, type SqlParameter, wake, type Work } from './work.js';

export function createReplays(dialect: SqlDialect): OperationsOf<ReplaysReader> {
  return {
    get: read(findReplay),

    list: read(function* (endpointId) {
      const rows = yield* rowsOf(
        'SELECT * FROM replays WHERE endpoint = $1 ORDER BY endpoint DESC, id DESC',
        yield* endpointNumber(endpointId),
      );
      return rows.map(toReplay);
    }),

    running: read(function* (endpointId) {
      const row = yield* rowOf(
        `SELECT * FROM replays WHERE endpoint = $1 AND state = ${replayState.running} ORDER BY id LIMIT 1`,
        fromEndpointId(endpointId),
      );
      return row && toReplay(row);
    }),

    deadDeliveries: read(function* (endpointId, position, end, limit, reason) {
      const dead = deadOnes(dialect, reason);
      const rows = yield* rowsOf(
        `SELECT id, seqs FROM ${dead.from} ORDER BY ${dead.ascending} LIMIT $4`,
        ...[yield* endpointNumber(endpointId), position, end + 1, limit, ...dead.values],
      );
      return rows.map((row) => ({
        id: toDeliveryId(row['id'] as number),
        seqs: fromSeqRuns(row['seqs'] as string),
      }));
    }),

    countDead: read(function* (endpointId, { reason, end = lastNumber - 1 } = {}) {
      const dead = deadOnes(dialect, reason, '$4');
      const row = yield* rowOf(
        `SELECT count(*) AS deliveries, coalesce(sum(count), 0) AS messages FROM ${dead.from}`,
        ...[yield* endpointNumber(endpointId), 0, end + 1, ...dead.values],
      );
      return { deliveries: row?.['deliveries'] as number, messages: Number(row?.['messages']) };
    }),
  };
}

/** Replays as the operator starts and ends them; what cuts their deliveries is in dispatch.ts. */
export function createReplaysWriter(dialect: SqlDialect): OperationsOf<ReplaysWriter> {
  return {
    start: write(function* (endpointId, selection, now) {
      const endpoint = yield* findEndpoint(endpointId, dialect.claimed);
      if (!endpoint) return undefined;
      const { position, end } = yield* stretchOf(dialect, endpoint, selection);
      const isDone = end <= position;
      const row = yield* rowOf(
        `INSERT INTO replays (endpoint, selection, state, position, end_position, created_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *`,
        endpoint['id'] as number,
        JSON.stringify(selection),
        isDone ? replayState.done : replayState.running,
        position,
        end,
        now,
        isDone ? now : null,
      );
      yield* wake('endpoints');
      return row && toReplay(row);
    }),

    cancel: write(function* (id, now) {
      yield* change(
        `UPDATE replays SET state = ${replayState.cancelled}, ended_at = $1
         WHERE id = $2 AND state = ${replayState.running}`,
        ...[now, fromReplayId(id)],
      );
      return yield* findReplay(id);
    }),

    replayDelivery: write(function* (id, webhookId, now) {
      const endpoint = (yield* findDelivery(id))?.['endpoint'] as number | undefined;
      if (endpoint === undefined) return 'unknown';
      const held = yield* rowsOf(`SELECT id FROM endpoints WHERE id = $1${dialect.claimed}`, endpoint);
      // As it is under the lock, which may have been waited for.
      const row = held.length === 0 ? undefined : yield* findDelivery(id);
      if (!row) return 'unknown';
      if (deliveryStateOf(row) === 'pending') return 'pending';
      const replayOf = row['id'] as number;
      const tallies = new TallyChanges();
      const seqs = fromSeqRuns(row['seqs'] as string);
      const [made] = yield* addDeliveries(
        dialect,
        [newDelivery(endpoint, { webhookId, seqs }, now, { replayOf })],
        tallies,
      );
      if (!made) throw new Error('one was added');
      yield* dialect.markReplayed([{ id: replayOf, as: fromDeliveryId(made.id) }]);
      yield* writeTallies(tallies);
      const added = yield* findDelivery(made.id);
      if (!added) throw new Error('a delivery that was written is not there');
      yield* wake('endpoints');
      return toDelivery(added);
    }),
  };
}

/** The replay that is there, by its public id. */
function* findReplay(id: string): Work<Replay | undefined> {
  const row = yield* rowOf(`SELECT * FROM replays WHERE id = $1 AND ${ofNoRemoved}`, fromReplayId(id));
  return row && toReplay(row);
}

/** 0 for one that is unknown or removed. */
function* endpointNumber(id: string): Work<number> {
  return ((yield* findEndpoint(id))?.['id'] as number | undefined) ?? 0;
}

/** No delivery has a larger id. */
const lastNumber = Number.MAX_SAFE_INTEGER;

/** Those of endpoint `$1`, all or what died of one reason, with ids between `$2` and `$3`; the reason is what is left of the values. */
function deadOnes(
  dialect: SqlDialect,
  reason: DeliveryReason | undefined,
  parameter = '$5',
): Pick<IndexReading, 'ascending' | 'descending'> & { from: string; values: SqlParameter[] } {
  const { where, ascending, descending } = dialect.ofIndex({
    equal: [...(reason === undefined ? [] : [['reason', parameter] as const]), ['endpoint', '$1']],
    column: 'id',
    above: '$2',
    below: '$3',
  });
  const values = reason === undefined ? [] : [reason];
  return { from: `${replayable(dialect)} AND ${where}`, ascending, descending, values };
}

/** What the endpoint's cursor has not reached yet is on its way by itself: a replay ends there. */
function* stretchOf(
  dialect: SqlDialect,
  endpoint: Row,
  selection: ReplaySelection,
): Work<{ position: number; end: number }> {
  if (selection.kind === 'window') {
    return {
      position: selection.afterSeq,
      end: Math.min(selection.untilSeq, endpoint['cursor'] as number),
    };
  }
  const dead = deadOnes(dialect, selection.reason, '$4');
  const last = yield* rowOf(
    `SELECT id FROM ${dead.from} ORDER BY ${dead.descending} LIMIT 1`,
    ...[endpoint['id'] as number, 0, lastNumber, ...dead.values],
  );
  return { position: 0, end: (last?.['id'] as number | undefined) ?? 0 };
}
