import { answerRemoval, answerRetry, remove, reopen, settle } from '../fold/recordings.js';
import type { Downloads, RecordingsWriter, Settlement } from '../recordings.js';
import { describedEvent } from '../rows/recording-events.js';
import {
  attemptColumns,
  changingColumns,
  fromRecordingId,
  phase,
  toAttemptRow,
  toStateNumber,
  type RecordingRow,
} from '../rows/recording-row.js';
import { brief, write, type DatedRows, type OperationsOf } from './operations.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, insertRows, rowsOf, updateRows, type Work } from './work.js';

const archived = toStateNumber('archived');
const blocked = toStateNumber('blocked');

/**
 * Recordings as work. A pending one is in one of three phases:
 *
 *   waiting ──(next_attempt_at comes)──▶ due ──(claim)──▶ leased ──(settle)──▶ archived, lost, blocked
 *      ▲                                  ▲                 │  │
 *      └──────────(settle: retry)─────────┼─────────────────┘  │
 *                                         └──(lease runs out, or released)
 *
 * A claim raises the generation; a settlement must name it. Whoever was paused past its lease therefore
 * settles nothing: its generation is no longer the row's, or the phase is no longer `leased`.
 * Any number of processes claim at once: each passes over what another is just claiming, so none waits and none gets
 * the same. Claims and renewals do not wait for the disk: a loss of power ends the holder with its lease. What seems to
 * wait, or to be held, for longer than anything does was put off by a clock that was wrong: a claim makes it due.
 * A fresh link that arrives while a download runs does not disturb it; but then "lost" and "retry" speak
 * of a link that is no longer there (`leased_link_seq` < `link_seq`), and the recording is due at once.
 *
 * What becomes of a row is told in fold/recordings.ts. Rows are held in the order of their ids, their calls before them,
 * as the projector does, who holds many.
 */
export function createDownloads(dialect: SqlDialect): OperationsOf<Downloads> {
  const { isOneOf, toList, claimed } = dialect;
  return {
    claim: brief(dialect.claimDownloads),

    renew: brief(function* (leases, until) {
      const generations = new Map(leases.map(({ id, generation }) => [fromRecordingId(id), generation]));
      const held = (yield* rowsOf(
        `SELECT id, generation FROM recordings WHERE ${isOneOf('id', '$1')} AND phase = ${phase.leased}
         ORDER BY id${claimed}`,
        toList([...generations.keys()]),
      )) as RecordingRow[];
      const ours = held
        .filter(({ id, generation }) => generations.get(id) === generation)
        .map(({ id }) => id);
      if (ours.length === 0) return [];
      yield* change(
        `UPDATE recordings SET leased_until = $1 WHERE ${isOneOf('id', '$2')}`,
        ...[until, toList(ours)],
      );
      const renewed = new Set(ours);
      return leases.map(({ id }) => id).filter((id) => renewed.has(fromRecordingId(id)));
    }),

    settle: write((settlement) => settleOne(dialect, settlement), { dated: datedBySettlement }),

    unblock: write(function* (now, limit) {
      const found = (yield* rowsOf(
        `SELECT id, call FROM recordings WHERE state = ${blocked} ORDER BY deadline_at LIMIT $1`,
        limit,
      )) as RecordingRow[];
      if (found.length === 0) return 0;
      const calls = toList(found.map(({ call }) => call));
      yield* rowsOf(`SELECT id FROM calls WHERE ${isOneOf('id', '$1')} ORDER BY id${claimed}`, calls);
      const held = (yield* rowsOf(
        `SELECT * FROM recordings WHERE ${isOneOf('id', '$1')} AND state = ${blocked} ORDER BY id${claimed}`,
        toList(found.map(({ id }) => id)),
      )) as RecordingRow[];
      yield* writeRecordings(
        dialect,
        held.map((before) => ({ before, after: reopen(before, now, false) })),
      );
      // What another has unblocked meanwhile is not blocked: the caller goes on until there is none.
      return found.length;
    }),
  };
}

/** What people ask of recordings. */
export function createRecordingsWriter(dialect: SqlDialect): OperationsOf<RecordingsWriter> {
  return {
    retryNow: write(function* (id, now, replacing) {
      const before = yield* holdRecording(dialect, id);
      if (!before) return 'unknown';
      const answer = answerRetry(before, now, replacing);
      if (answer === 'accepted')
        yield* writeRecordings(dialect, [{ before, after: reopen(before, now, true) }]);
      return answer;
    }),

    describe: write(
      function* (id, { asset, flags }, now) {
        const row = yield* holdRecording(dialect, id);
        if (row?.state !== archived || row.sha256 !== asset.sha256) return false;
        const announced = { id: row.id, callId: row.call_id, generation: row.generation };
        yield* dialect.appendEvents([describedEvent(announced, { asset, flags, now })]);
        return true;
      },
      { dated: (_id, _told, now) => [{ table: 'journal', at: [now] }] },
    ),

    remove: write(
      function* (id, now) {
        const before = yield* holdRecording(dialect, id);
        if (!before) return { kind: 'unknown' };
        const answer = answerRemoval(before, now);
        if (answer) return answer;
        const { row: after, event } = remove(before, now);
        yield* dialect.appendEvents([event]);
        yield* change('DELETE FROM waveforms WHERE recording = $1', before.id);
        yield* writeRecordings(dialect, [{ before, after }]);
        return before.file_name === null
          ? { kind: 'removed' }
          : { kind: 'removed', fileName: before.file_name };
      },
      { dated: (_id, now) => [{ table: 'journal', at: [now] }] },
    ),
  };
}

function datedBySettlement({ attempt, verdict, now }: Settlement): DatedRows[] {
  const mayTell = verdict.kind === 'archived' || verdict.kind === 'lost';
  return [
    ...(attempt ? [{ table: 'attempts' as const, at: [attempt.at] }] : []),
    ...(mayTell ? [{ table: 'journal' as const, at: [now] }] : []),
  ];
}

function* settleOne(dialect: SqlDialect, settlement: Settlement): Work<boolean> {
  const { id, generation, attempt, verdict } = settlement;
  const changesNoState = verdict.kind === 'released' || verdict.kind === 'retry';
  const before = changesNoState
    ? yield* holdRecordingAlone(dialect, fromRecordingId(id))
    : yield* holdRecording(dialect, id);
  if (before?.generation !== generation || before.phase !== phase.leased) return false;
  const { row: after, event } = settle(before, settlement);
  if (attempt) {
    const row = { ...dialect.toMonthColumns(attempt.at), ...toAttemptRow(before.id, attempt) };
    yield* insertRows('attempts', { ...dialect.monthColumns, ...attemptColumns }, [row]);
  }
  if (event) yield* dialect.appendEvents([event]);
  yield* writeRecordings(dialect, [{ before, after }]);
  return true;
}

/**
 * Holds a recording, its call before it: whoever changes a state holds the call, so that the states of one call are
 * changed by one at a time. Undefined: there is none by this id.
 */
function* holdRecording(dialect: SqlDialect, id: string): Work<RecordingRow | undefined> {
  const number = fromRecordingId(id);
  yield* rowsOf(
    `SELECT id FROM calls WHERE id = (SELECT call FROM recordings WHERE id = $1)${dialect.claimed}`,
    number,
  );
  return yield* holdRecordingAlone(dialect, number);
}

/** For what changes no state. */
function* holdRecordingAlone({ claimed }: SqlDialect, number: number): Work<RecordingRow | undefined> {
  const rows = yield* rowsOf(`SELECT * FROM recordings WHERE id = $1${claimed}`, number);
  return rows[0] as RecordingRow | undefined;
}

/** A held row, as it was read and as it is to be. */
interface ChangedRow {
  readonly before: RecordingRow;
  readonly after: RecordingRow;
}

/** Writes changed recordings, the states of their calls, and the counts. They and their calls are held. */
function* writeRecordings(dialect: SqlDialect, changed: readonly ChangedRow[]): Work<void> {
  yield* updateRows(
    'recordings',
    { id: 'bigint', ...changingColumns, ...dialect.attemptCount },
    changed.map(({ after }) => after),
  );
  const differences = new Map<number, number>();
  const calls = new Set<number>();
  for (const { before, after } of changed) {
    if (before.state === after.state) continue;
    differences.set(before.state, (differences.get(before.state) ?? 0) - 1);
    differences.set(after.state, (differences.get(after.state) ?? 0) + 1);
    calls.add(after.call);
  }
  if (calls.size === 0) return;
  yield* change(
    `UPDATE calls SET recording_states =
       (SELECT coalesce(sum(DISTINCT 1 << state), 0) FROM recordings WHERE call = calls.id) WHERE ${dialect.isOneOf('id', '$1')}`,
    dialect.toList([...calls]),
  );
  // Last, and in one order: everybody counts in the same rows.
  yield* insertRows(
    'recording_counts',
    { state: 'smallint', count: 'bigint' },
    [...differences].sort(([a], [b]) => a - b).map(([state, count]) => ({ state, count })),
    'ON CONFLICT (state) DO UPDATE SET count = recording_counts.count + excluded.count',
  );
}
