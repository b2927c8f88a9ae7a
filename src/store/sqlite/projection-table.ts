import type { Change, MessageChange, Projection } from '../projection.js';
import { foldIntoCall, type ToldColumns } from '../rows/call-row.js';
import { awaitsItsEvent, stateOfLoss, isFresher, toDueAt, type MessageLink } from '../rows/link-rules.js';
import {
  assetColumns,
  fromRecordingId,
  phase,
  toAssetValues,
  toRecordingFlagBits,
  toStateNumber,
} from '../rows/recording-row.js';
import type { Connection, Row, Statement } from './connection.js';
import { idOfCallSql, readCursor, setCursor } from './journal-table.js';
import { packChanges, unpackMessages, type EventChange, type PackedChanges } from './packed-changes.js';
import type { PackedRows } from './packed-rows.js';
import { moveTags } from './moved-tags.js';
import { insertCallsSql, insertRecordingsSql } from './projection-inserts.js';
import { addToCount, noteStateChange, refreshCallStates } from './recording-states.js';
import type { Synchronous } from './synchronous.js';

type ArchivedChange = Extract<Change, { kind: 'archived' | 'described' }>;

const assetAssignments = assetColumns
  .split(', ')
  .map((column) => `${column} = ?`)
  .join(', ');
const pending = toStateNumber('pending');
const archived = toStateNumber('archived');

/**
 * Folds journal entries into calls and recordings. The fold sees entries in the order of their seq and
 * nothing else, so folding the whole journal again gives the same rows. While Earshot runs, its own events
 * have changed their recording already, in the transaction that wrote them: folding them again is a repeat.
 */
export class ProjectionTable implements Synchronous<Projection> {
  readonly #statements = new Map<string, Statement>();
  /** Ids of the calls that this batch has asked for: one callId may fill a whole batch, and finding its id reads all its entries. */
  readonly #idsInBatch = new Map<string, number>();

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
    const rest: (({ readonly kind: 'message' } & MessageChange) | EventChange)[] = [];
    for (const packed of messages) {
      const first = this.#insertFirst(packed, seen);
      added += first.added;
      for (const message of first.others) rest.push({ kind: 'message', ...message });
    }
    for (const event of events) if (event.seq > seen) rest.push(event);
    rest.sort((a, b) => a.seq - b.seq);
    this.#idsInBatch.clear();
    for (const change of rest) if (this.#foldOne(change)) added++;
    if (added > 0) addToCount(this.connection, pending, added, this.suffix);
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

  /** Returns whether a recording was added. */
  #foldOne(change: Change): boolean {
    switch (change.kind) {
      case 'message':
        return this.#foldMessage(change);
      case 'archived':
        this.#foldArchived(change);
        return false;
      case 'described':
        this.#foldDescribed(change);
        return false;
      case 'lost':
        this.#foldLost(change);
        return false;
    }
  }

  #foldMessage(change: MessageChange): boolean {
    const id = this.#callIdToId(change.callId);
    const call = this.#prepare('SELECT * FROM {calls} WHERE id = ?').get(id);
    if (!call) throw new Error('a call is not there although the journal told of it before');
    this.#updateCall(call, change);
    if (!change.recording) return false;
    return this.#foldRecording(id, change, change.recording);
  }

  /** A call's id: the seq of the first message that told of it. */
  #callIdToId(callId: string): number {
    let id = this.#idsInBatch.get(callId);
    if (id === undefined) {
      id = this.#prepare(idOfCallSql).get(callId)?.['id'] as number;
      this.#idsInBatch.set(callId, id);
    }
    return id;
  }

  #updateCall(call: Row, change: MessageChange): void {
    const told = foldIntoCall(call as Row & ToldColumns, change);
    this.#prepare(
      `UPDATE {calls} SET task_id = ?, detail_id = ?, batch_id = ?, out_id = ?, start_time = ?, end_time = ?, start_at = ?,
         end_at = ?, duration_seconds = ?, times_rank = ?, flags = ?, first_received_at = ?, last_received_at = ?, sort_at = ?
       WHERE id = ?`,
    ).run(
      told.task_id,
      told.detail_id,
      told.batch_id,
      told.out_id,
      told.start_time,
      told.end_time,
      told.start_at,
      told.end_at,
      told.duration_seconds,
      told.times_rank,
      told.flags,
      told.first_received_at,
      told.last_received_at,
      told.sort_at,
      call['id'] as number,
    );
    if (this.suffix === '' && told.sort_at !== call['sort_at'])
      moveTags(this.connection, call['id'] as number);
  }

  #foldRecording(call: number, change: MessageChange, link: MessageLink): boolean {
    const known = this.#prepare('SELECT * FROM {recordings} WHERE call = ? AND path = ?').get(
      call,
      link.path,
    );
    if (!known) {
      this.#insertRecording(call, change, link);
      refreshCallStates(this.connection, call, this.suffix);
      return true;
    }
    if (isFresher(known, change.seq, link)) this.#refreshLink(known, change, link);
    return false;
  }

  #insertRecording(call: number, { seq, callId, receivedAt }: MessageChange, link: MessageLink): void {
    const dueAt = toDueAt(link.link, receivedAt);
    this.#prepare(
      `INSERT INTO {recordings} (id, call, call_id, host, path, link, link_seq, state, phase, deadline_at, next_attempt_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ${pending}, ?, ?, ?)`,
    ).run(
      seq,
      call,
      callId,
      link.host,
      link.path,
      link.link,
      seq,
      dueAt === null ? null : phase.due,
      link.deadlineAt,
      dueAt,
    );
  }

  /** A fresh link revives a recording as `isFresher` tells; a download that runs is left to finish. */
  #refreshLink(known: Row, { seq, receivedAt }: MessageChange, link: MessageLink): void {
    const leased = known['phase'] === phase.leased;
    this.#prepare(
      `UPDATE {recordings} SET host = ?, link = ?, link_seq = ?, deadline_at = ?, state = ${pending}, phase = ?, next_attempt_at = ?,
         forced = 1 WHERE id = ?`,
    ).run(
      link.host,
      link.link,
      seq,
      link.deadlineAt,
      leased ? phase.leased : phase.due,
      receivedAt,
      known['id'] as number,
    );
    noteStateChange(this.connection, known['call'] as number, known['state'] as number, pending, this.suffix);
  }

  #foldArchived({ recordingId, asset, flags }: ArchivedChange): void {
    const known = this.#recording(recordingId);
    if (!known || known['state'] === archived || this.#isRepeat(known)) return;
    this.#prepare(
      `UPDATE {recordings} SET state = ${archived}, phase = NULL, next_attempt_at = NULL, leased_until = NULL, forced = 0,
         reason = NULL, short = ?, ${assetAssignments} WHERE id = ?`,
    ).run(toRecordingFlagBits(flags), ...toAssetValues(asset), known['id'] as number);
    noteStateChange(
      this.connection,
      known['call'] as number,
      known['state'] as number,
      archived,
      this.suffix,
    );
  }

  /** Only if the bytes are those that were described: a recording may have been deleted or downloaded anew since. */
  #foldDescribed({ recordingId, asset, flags }: ArchivedChange): void {
    this.#prepare(
      `UPDATE {recordings} SET short = ?, ${assetAssignments} WHERE id = ? AND state = ${archived} AND sha256 = ?`,
    ).run(toRecordingFlagBits(flags), ...toAssetValues(asset), fromRecordingId(recordingId), asset.sha256);
  }

  #foldLost({ recordingId, reason, linkSeq }: Extract<Change, { kind: 'lost' }>): void {
    const known = this.#recording(recordingId);
    if (!known || this.#isRepeat(known)) return;
    const state = stateOfLoss(known, reason, linkSeq);
    if (state === undefined) return;
    const cleared = assetColumns.split(', ').map((column) => `${column} = NULL`);
    this.#prepare(
      `UPDATE {recordings} SET state = ${state}, phase = NULL, next_attempt_at = NULL, forced = 0, reason = ?, short = 0,
         ${cleared.join(', ')} WHERE id = ?`,
    ).run(reason, known['id'] as number);
    noteStateChange(this.connection, known['call'] as number, known['state'] as number, state, this.suffix);
  }

  #isRepeat(known: Row): boolean {
    return this.suffix === '' && !awaitsItsEvent(known);
  }

  #recording(recordingId: string): Row | undefined {
    return this.#prepare('SELECT * FROM {recordings} WHERE id = ?').get(fromRecordingId(recordingId));
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
