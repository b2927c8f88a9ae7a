import { cutPage } from '../../domain/cut-page.js';
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
import type { Row } from '../rows/row.js';
import { ofCallId, toPageLimit } from './call-conditions.js';
import type { Database } from './database.js';
import { recordingColumnNames } from './recording-states.js';

const madeUpCalls = madeUpCallsSql((column) => `left(${column}, 200)`);

export class RecordingsTableReader implements RecordingsReader {
  constructor(private readonly database: Database) {}

  async list(query: RecordingQuery): Promise<{ items: Recording[]; next?: RecordingPosition }> {
    const rows =
      query.callId === undefined ? await this.#byState(query) : await this.#ofCall(query, query.callId);
    const { items, last } = cutPage(rows, query.limit, toRecording);
    if (!last) return { items };
    const { deadlineAt, id } = toRecording(last);
    return { items, next: { deadlineAt, id } };
  }

  async get(id: string): Promise<Recording | undefined> {
    const { rows } = await this.database.run(`SELECT ${recordingColumnNames} FROM recordings WHERE id = $1`, [
      fromRecordingId(id),
    ]);
    return rows[0] && toRecording(rows[0]);
  }

  async attempts(id: string): Promise<DownloadAttempt[]> {
    const { rows } = await this.database.run(
      `SELECT at, outcome, reason, status, duration_ms, bytes, resumed_from, address, head_ms, detail FROM attempts
       WHERE recording_id = $1 ORDER BY id`,
      [fromRecordingId(id)],
    );
    return rows.map(toAttempt);
  }

  async counts(): Promise<Record<RecordingState, number>> {
    return toStateCounts((await this.database.run('SELECT state, count FROM recording_counts')).rows);
  }

  async countMadeUp(): Promise<Record<RecordingState, number>> {
    const { rows } = await this.database.transaction(({ run }) => run(countMadeUpSql(madeUpCalls)), {
      isBrief: true,
      looksUp: true,
    });
    return toStateCounts(rows);
  }

  async nextDeadlineAt(): Promise<number | undefined> {
    const sql = `SELECT deadline_at AS at FROM recordings WHERE state = 0 AND call NOT IN (${madeUpCalls})
       ORDER BY deadline_at, id LIMIT 1`;
    const { rows } = await this.database.transaction(({ run }) => run(sql), { isBrief: true, looksUp: true });
    return rows[0]?.['at'] as number | undefined;
  }

  async openByHoursLeft(now: number): Promise<{ overdue: number; hours: number[] }> {
    const { rows } = await this.database.transaction(
      ({ run }) => run(hoursLeftSql('$1::bigint', madeUpCalls), [now]),
      {
        isBrief: true,
        looksUp: true,
      },
    );
    return toHoursLeft(rows);
  }

  /** Each state lies in the index by deadline, and so do flagged ones; without either, the heads of all four are merged. */
  async #byState({ state, flag, limit, after, isUnacknowledged }: RecordingQuery): Promise<Row[]> {
    const page = toPageLimit(limit + 1);
    const select = (condition: string): string =>
      `SELECT ${recordingColumnNames} FROM recordings WHERE ${condition} ${isUnacknowledged ? `AND ${unacknowledgedSql}` : ''}
         AND (deadline_at, id) > ($1::bigint, $2::bigint) ORDER BY deadline_at, id LIMIT ${page}`;
    const toArm = (each: RecordingState): string => select(`state = ${toStateNumber(each)}`);
    const merged = recordingStates.map((each) => `(${toArm(each)})`).join(' UNION ALL ');
    const flagged = flag && select(state ? `${hasFlagSql(flag)} AND ${ofState(state)}` : hasFlagSql(flag));
    const sql = flagged ?? (state ? toArm(state) : `${merged} ORDER BY deadline_at, id LIMIT ${page}`);
    return (await this.database.run(sql, toPosition(after))).rows;
  }

  /** Recordings of one call are few: `+` keeps the planner from walking all of a state for them. */
  async #ofCall(
    { state, flag, limit, after, isUnacknowledged }: RecordingQuery,
    callId: string,
  ): Promise<Row[]> {
    const filter = `${state ? `AND ${ofState(state)}` : ''} ${flag ? `AND ${hasFlagSql(flag)}` : ''} ${isUnacknowledged ? `AND ${unacknowledgedSql}` : ''}`;
    const { rows } = await this.database.run(
      `SELECT ${recordingColumnNames} FROM recordings
       WHERE call = (SELECT id FROM calls WHERE ${ofCallId('$3')}) ${filter}
         AND (deadline_at, id) > ($1::bigint, $2::bigint) ORDER BY deadline_at, id LIMIT ${toPageLimit(limit + 1)}`,
      [...toPosition(after), callId],
    );
    return rows;
  }
}

/** As a filter that no index serves. */
function ofState(state: RecordingState): string {
  return `+state = ${toStateNumber(state)}`;
}

function toPosition(after: RecordingPosition | undefined): [number, number] {
  return after ? [after.deadlineAt, fromRecordingId(after.id)] : [Number.MIN_SAFE_INTEGER, 0];
}
