import { cutPage } from '../../domain/cut-page.js';
import type { RecordingFlag } from '../../domain/flags.js';
import { type DownloadAttempt, type RecordingState, recordingStates } from '../../domain/recording.js';
import type { Recording, RecordingPosition, RecordingQuery, RecordingsReader } from '../recordings.js';
import { countMadeUpSql, hoursLeftSql, madeUpCallsSql, toHoursLeft } from '../rows/recording-counts.js';
import {
  fromRecordingId,
  hasFlagSql,
  toAttempt,
  toRecording,
  toStateCounts,
  toStateNumber,
  unacknowledgedSql,
} from '../rows/recording-row.js';
import type { Connection, Row, SqlValue, Synchronous } from './connection.js';
import { idOfCallSql } from './journal-table.js';
import { recordingColumns } from './recording-states.js';

const madeUpCalls = madeUpCallsSql();

export class RecordingsTableReader implements Synchronous<RecordingsReader> {
  constructor(private readonly connection: Connection) {}

  list(query: RecordingQuery): { items: Recording[]; next?: RecordingPosition } {
    const rows = query.callId === undefined ? this.#byState(query) : this.#ofCall(query, query.callId);
    const { items, last } = cutPage(rows, query.limit, toRecording);
    if (!last) return { items };
    const { deadlineAt, id } = toRecording(last);
    return { items, next: { deadlineAt, id } };
  }

  get(id: string): Recording | undefined {
    const row = this.connection
      .prepare(`SELECT ${recordingColumns} FROM recordings WHERE id = ?`)
      .get(fromRecordingId(id));
    return row && toRecording(row);
  }

  attempts(id: string): DownloadAttempt[] {
    return this.connection
      .prepare('SELECT * FROM attempts WHERE recording_id = ? ORDER BY id')
      .all(fromRecordingId(id))
      .map(toAttempt);
  }

  counts(): Record<RecordingState, number> {
    return toStateCounts(this.connection.prepare('SELECT state, count FROM recording_counts').all());
  }

  countMadeUp(): Record<RecordingState, number> {
    return toStateCounts(this.connection.prepare(countMadeUpSql(madeUpCalls)).all());
  }

  nextDeadlineAt(): number | undefined {
    const row = this.connection
      .prepare(
        `SELECT deadline_at AS at FROM recordings WHERE state = 0 AND call NOT IN (${madeUpCalls})
         ORDER BY deadline_at LIMIT 1`,
      )
      .get();
    return row?.['at'] as number | undefined;
  }

  openByHoursLeft(now: number): { overdue: number; hours: number[] } {
    return toHoursLeft(this.connection.prepare(hoursLeftSql('CAST(?1 AS INTEGER)', madeUpCalls)).all(now));
  }

  /** Each state lies in an index by deadline, and so do flagged ones; without either, the heads of all four are merged. */
  #byState({ state, flag, limit, after, isUnacknowledged = false }: RecordingQuery): Row[] {
    if (flag) return this.#flagged(flag, { state, limit, after, isUnacknowledged });
    const states = (state ? [state] : recordingStates).map(toStateNumber);
    const [deadlineAt, id] = toPosition(after);
    const rows = states.flatMap((number) =>
      this.connection
        .prepare(
          `SELECT ${recordingColumns} FROM recordings WHERE state = ? AND (deadline_at, id) > (?, ?)
           ${toFilter(isUnacknowledged)} ORDER BY deadline_at, id LIMIT ?`,
        )
        .all(number, deadlineAt, id, limit + 1),
    );
    return rows.sort(byDeadline);
  }

  #flagged(flag: RecordingFlag, { state, limit, after, isUnacknowledged }: Flagged): Row[] {
    const ofState = state ? `AND +state = ${toStateNumber(state)}` : '';
    return this.connection
      .prepare(
        `SELECT ${recordingColumns} FROM recordings WHERE ${hasFlagSql(flag)} ${ofState} AND (deadline_at, id) > (?, ?)
         ${toFilter(isUnacknowledged)} ORDER BY deadline_at, id LIMIT ?`,
      )
      .all(...toPosition(after), limit + 1);
  }

  #ofCall({ state, flag, after, isUnacknowledged = false }: RecordingQuery, callId: string): Row[] {
    const [deadlineAt, id] = toPosition(after);
    const filter = `${state ? `AND state = ${toStateNumber(state)}` : ''} ${flag ? `AND ${hasFlagSql(flag)}` : ''} ${toFilter(isUnacknowledged)}`;
    return this.connection
      .prepare(
        `SELECT ${recordingColumns} FROM recordings WHERE call = (${idOfCallSql}) ${filter}
         AND (deadline_at, recordings.id) > (?, ?) ORDER BY deadline_at, recordings.id`,
      )
      .all(callId, deadlineAt, id);
  }
}

/** What narrows the flagged ones. */
interface Flagged {
  readonly state: RecordingState | undefined;
  readonly limit: number;
  readonly after: RecordingPosition | undefined;
  readonly isUnacknowledged: boolean;
}

function toFilter(isUnacknowledged: boolean): string {
  return isUnacknowledged ? `AND ${unacknowledgedSql}` : '';
}

function toPosition(after: RecordingPosition | undefined): [SqlValue, SqlValue] {
  return after ? [after.deadlineAt, fromRecordingId(after.id)] : [Number.MIN_SAFE_INTEGER, 0];
}

function byDeadline(a: Row, b: Row): number {
  return (
    (a['deadline_at'] as number) - (b['deadline_at'] as number) || (a['id'] as number) - (b['id'] as number)
  );
}
