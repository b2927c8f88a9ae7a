import { foldChanges, type FoldedRows, type KnownRows } from '../fold/projection.js';
import type { Change, MessageChange, Projection } from '../projection.js';
import { type CallRow, toldColumns } from '../rows/call-row.js';
import { firstEventNumber } from '../rows/entry-row.js';
import {
  changingColumns,
  fromRecordingId,
  phase,
  recordingColumns,
  type RecordingRow,
  toStateNumber,
} from '../rows/recording-row.js';
import type { Connection, Row, Statement, Synchronous } from './connection.js';
import { idOfCallSql, readCursor, setCursor } from './journal-table.js';
import { column, packChanges, type PackedChanges, unpackMessages } from './packed-changes.js';
import type { PackedRows } from './packed-rows.js';
import { addToCount, refreshCallStates } from './recording-states.js';
import { writeRows } from './run-work.js';

const pending = toStateNumber('pending');

/** Of packed messages (packed-changes.ts), those behind the cursor that are the first of their call. */
const firstOfCall = `${column('seq')} > ?2 AND NOT EXISTS
  (SELECT 1 FROM journal WHERE call_id = ${column('callId')} AND type < ${firstEventNumber} AND +seq < ${column('seq')})`;

/** Calls that packed messages are the first to tell of, many in one statement. ?1 is their rows, ?2 what was folded before. */
const insertCallsSql = `
  INSERT INTO {calls} (id, call_id, call_tail, task_id, detail_id, batch_id, out_id, start_time, end_time, start_at, end_at,
    duration_seconds, times_rank, flags, first_received_at, last_received_at, sort_at, recording_states)
  SELECT ${column('seq')}, ${column('callId')}, ${column('tail')}, ${column('taskId')}, ${column('detailId')},
    ${column('batchId')}, ${column('outId')}, ${column('startTime')}, ${column('endTime')}, ${column('startAt')},
    ${column('endAt')}, ${column('durationSeconds')}, ${column('rank')}, ${column('flags')}, ${column('receivedAt')},
    ${column('receivedAt')}, ${column('sortAt')},
    iif(${column('link')} IS NULL, 0, ${1 << pending})
  FROM jsonb_each(?1) WHERE ${firstOfCall} ON CONFLICT DO NOTHING`;

/** Run right after the calls: the first message of a call is the one whose seq is the call's id. */
const insertRecordingsSql = `
  INSERT INTO {recordings} (id, call, call_id, host, path, link, link_seq, state, phase, deadline_at, next_attempt_at)
  SELECT ${column('seq')}, ${column('seq')}, ${column('callId')}, ${column('host')}, ${column('path')}, ${column('link')},
    ${column('seq')}, ${pending}, iif(${column('dueAt')} IS NULL, NULL, ${phase.due}), ${column('deadlineAt')}, ${column('dueAt')}
  FROM jsonb_each(?1) WHERE ${column('seq')} > ?2 AND ${column('link')} IS NOT NULL
    AND EXISTS (SELECT 1 FROM {calls} WHERE id = ${column('seq')}) ON CONFLICT DO NOTHING`;

/**
 * Folds journal entries into calls and recordings. The fold sees entries in the order of their seq and
 * nothing else, so folding the whole journal again gives the same rows. While Earshot runs, its own events
 * have changed their recording already, in the transaction that wrote them: folding them again is a repeat.
 */
export class ProjectionTable implements Synchronous<Projection> {
  readonly #statements = new Map<string, Statement>();

  constructor(
    private readonly connection: Connection,
    private readonly suffix = '',
  ) {}

  apply(changes: readonly Change[], cursor: number): void {
    this.applyPacked(packChanges(changes), cursor);
  }

  applyPacked(changes: PackedChanges, cursor: number): void {
    this.connection.transaction(() => {
      const seen = readCursor(this.connection, 'projector');
      this.fold(changes, seen);
      if (cursor > seen) setCursor(this.connection, 'projector', cursor);
    });
  }

  /**
   * Folds what comes after `seen`; the caller holds the transaction. The first messages of their calls go
   * first, thousands in one statement: whatever else the batch says of those calls comes after them, and of
   * other calls they say nothing.
   */
  fold({ messages, events }: PackedChanges, seen = 0): void {
    let added = 0;
    const rest: Change[] = [];
    for (const packed of messages) {
      const first = this.#insertFirst(packed, seen);
      added += first.added;
      for (const message of first.others) rest.push({ kind: 'message', ...message });
    }
    for (const event of events) if (event.seq > seen) rest.push(event);
    rest.sort((a, b) => a.seq - b.seq);
    const counts = new Map(rest.length > 0 ? this.#foldRest(rest) : []);
    counts.set(pending, (counts.get(pending) ?? 0) + added);
    for (const [state, difference] of counts)
      if (difference !== 0) addToCount(this.connection, state, difference, this.suffix);
  }

  /**
   * Inserts the calls that these messages are the first to tell of, and their recordings. Returns how many of
   * those, and the messages that say more of a call that is there.
   */
  #insertFirst({ text, count }: PackedRows, seen: number): { added: number; others: MessageChange[] } {
    // Parsed once for both.
    const rows = this.#prepare('SELECT jsonb(?) AS rows').get(text)?.['rows'] ?? null;
    const calls = this.#prepare(insertCallsSql).run(rows, seen).changes;
    const added = this.#prepare(insertRecordingsSql).run(rows, seen).changes;
    if (calls === count) return { added, others: [] };
    const isFirst = this.#prepare('SELECT 1 FROM {calls} WHERE id = ?');
    const others = unpackMessages(text).filter(({ seq }) => seq > seen && !isFirst.get(seq));
    return { added, others };
  }

  /** What comes after the first messages of calls, each call and recording written once. Returns how many recordings were added, or less, by state. */
  #foldRest(changes: readonly Change[]): ReadonlyMap<number, number> {
    const known = this.#load(changes);
    const folded = foldChanges(known, changes, this.suffix === '');
    this.#write(folded);
    const before = new Map(known.calls.map((call) => [call.id, call.sort_at]));
    if (this.suffix === '') {
      for (const { id, sort_at: sortAt } of folded.changedCalls)
        if (sortAt !== before.get(id)) moveTags(this.connection, id);
    }
    return folded.differences;
  }

  /** The rows that these changes speak of. */
  #load(changes: readonly Change[]): KnownRows {
    const calls = new Map<string, CallRow>();
    const recordings = new Map<number, RecordingRow>();
    const keep = (row: Row | undefined): void => {
      if (row) recordings.set(row['id'] as number, row as RecordingRow);
    };
    const ofCall = this.#prepare('SELECT * FROM {recordings} WHERE call = ? AND path = ?');
    const byId = this.#prepare('SELECT * FROM {recordings} WHERE id = ?');
    for (const change of changes) {
      if (change.kind !== 'message') {
        keep(byId.get(fromRecordingId(change.recordingId)));
        continue;
      }
      const { callId, recording } = change;
      const call = calls.get(callId) ?? this.#call(callId);
      calls.set(callId, call);
      if (recording) keep(ofCall.get(call.id, recording.path));
    }
    return { calls: [...calls.values()], recordings: [...recordings.values()] };
  }

  #call(callId: string): CallRow {
    const row = this.#prepare(`SELECT * FROM {calls} WHERE id = (${idOfCallSql})`).get(callId);
    if (!row) throw new Error('a call is not there although the journal told of it before');
    return row as CallRow;
  }

  #write({ newRecordings, changedRecordings, changedCalls, restatedCalls }: FoldedRows): void {
    const [calls, recordings] = [`calls${this.suffix}`, `recordings${this.suffix}`];
    for (const rows of [
      { kind: 'insert', table: recordings, columns: recordingColumns, rows: newRecordings },
      { kind: 'update', table: recordings, columns: changingColumns, rows: changedRecordings },
      { kind: 'update', table: calls, columns: toldColumns, rows: changedCalls },
    ] as const)
      writeRows(this.connection, rows);
    for (const call of restatedCalls) refreshCallStates(this.connection, call, this.suffix);
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.connection.prepare(sql.replaceAll(/\{(\w+)\}/g, `$1${this.suffix}`));
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Tags of a call stand in the order of the call, which has moved; the caller holds the transaction. */
function moveTags(connection: Connection, call: number): void {
  connection
    .prepare(
      'UPDATE call_tags SET sort_at = (SELECT sort_at FROM calls WHERE id = call_tags.call) WHERE call = ?',
    )
    .run(call);
}

/** The same for all calls: they were built anew. */
export function moveAllTags(connection: Connection): void {
  connection.exec(
    `UPDATE call_tags SET sort_at = calls.sort_at FROM calls
     WHERE calls.id = call_tags.call AND calls.sort_at <> call_tags.sort_at`,
  );
}
