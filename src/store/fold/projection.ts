import type { Change, MessageChange } from '../projection.js';
import { foldIntoCall, tailOf, toToldColumns, type CallRow, type ToldColumns } from '../rows/call-row.js';
import type { Row } from '../rows/row.js';
import { fromRecordingId, phase, toStateNumber, type RecordingRow } from '../rows/recording-row.js';
import {
  archive,
  awaitsItsEvent,
  describe,
  isFresher,
  lose,
  stateOfLoss,
  toDueAt,
  type MessageLink,
} from './recordings.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');

/** Rows that changes speak of, as they are before. */
export interface KnownRows {
  readonly calls: readonly CallRow[];
  readonly recordings: readonly RecordingRow[];
}

export interface ChangedCall extends ToldColumns, Row {
  readonly id: number;
}

/** What is to be written. */
export interface FoldedRows {
  readonly newCalls: readonly CallRow[];
  /** Known calls that messages told more of. */
  readonly changedCalls: readonly ChangedCall[];
  /** Known calls of which a recording is new or in another state, so that `recording_states` is to be told anew. */
  readonly restatedCalls: readonly number[];
  readonly newRecordings: readonly RecordingRow[];
  readonly changedRecordings: readonly RecordingRow[];
  /** Recordings more, or less, by state. */
  readonly differences: ReadonlyMap<number, number>;
}

/**
 * Folds changes, in order, into the rows that they speak of; rows that are not known are new. While Earshot runs
 * (`isLive`), its own events have changed their recording already, in the transaction that wrote them: they are
 * folded only into what awaits them.
 */
export function foldChanges(known: KnownRows, changes: readonly Change[], isLive: boolean): FoldedRows {
  const fold = new Fold(known, isLive);
  for (const change of changes) fold.add(change);
  return fold.result();
}

/** Rows are made of it once, at the end: a call may be told of many times in one batch. */
interface FoldedCall {
  readonly id: number;
  readonly isNew: boolean;
  told: ToldColumns;
  isChanged: boolean;
}

class Fold {
  readonly #calls = new Map<string, FoldedCall>();
  readonly #before = new Map<number, RecordingRow>();
  readonly #recordings = new Map<number, RecordingRow>();
  /** Recordings by their call and path. */
  readonly #ids = new Map<string, number>();
  readonly #touched = new Set<number>();

  constructor(
    known: KnownRows,
    private readonly isLive: boolean,
  ) {
    for (const call of known.calls)
      this.#calls.set(call.call_id, { id: call.id, told: call, isNew: false, isChanged: false });
    for (const recording of known.recordings) {
      this.#before.set(recording.id, recording);
      this.#keep(recording);
    }
  }

  add(change: Change): void {
    switch (change.kind) {
      case 'message':
        this.#addMessage(change);
        return;
      case 'archived': {
        const known = this.#awaiting(change.recordingId);
        if (known && known.state !== archived) this.#touch(archive(known, change.asset, change.flags));
        return;
      }
      case 'described': {
        const known = this.#recordings.get(fromRecordingId(change.recordingId));
        const described = known && describe(known, change.asset, change.flags);
        if (described) this.#touch(described);
        return;
      }
      case 'lost': {
        const known = this.#awaiting(change.recordingId);
        const state = known && stateOfLoss(known, change.reason, change.linkSeq);
        if (known && state !== undefined) this.#touch(lose(known, state, change.reason));
      }
    }
  }

  result(): FoldedRows {
    const differences = new Map<number, number>();
    const count = (state: number, difference: number): void => {
      differences.set(state, (differences.get(state) ?? 0) + difference);
    };
    const states = new Map<number, number>();
    const rows = { newRecordings: [] as RecordingRow[], changedRecordings: [] as RecordingRow[] };
    for (const id of this.#touched) {
      const after = this.#recordings.get(id);
      if (!after) continue;
      const before = this.#before.get(id);
      (before ? rows.changedRecordings : rows.newRecordings).push(after);
      if (before?.state === after.state) continue;
      if (before) count(before.state, -1);
      count(after.state, 1);
      states.set(after.call, (states.get(after.call) ?? 0) | (1 << after.state));
    }
    const newCalls: CallRow[] = [];
    const changedCalls: ChangedCall[] = [];
    for (const [callId, { id, isNew, isChanged, told }] of this.#calls) {
      if (isNew) {
        const head = { id, call_id: callId, call_tail: tailOf(callId) };
        newCalls.push({ ...head, ...told, recording_states: states.get(id) ?? 0 });
        states.delete(id);
      } else if (isChanged) changedCalls.push({ ...told, id });
    }
    return {
      newCalls,
      changedCalls,
      restatedCalls: [...states.keys()],
      ...rows,
      differences,
    };
  }

  #addMessage(change: MessageChange): void {
    const { seq, callId, recording } = change;
    let call = this.#calls.get(callId);
    if (call) {
      call.told = foldIntoCall(call.told, change);
      call.isChanged = true;
    } else {
      call = { id: seq, isNew: true, isChanged: false, told: toToldColumns(change) };
      this.#calls.set(callId, call);
    }
    if (recording) this.#addLink(call.id, change, recording);
  }

  #addLink(call: number, change: MessageChange, link: MessageLink): void {
    const known = this.#recordings.get(this.#ids.get(keyOf(call, link.path)) ?? 0);
    if (!known) this.#touch(toNewRecording(call, change, link));
    else if (isFresher(known, change.seq, link)) this.#touch(refresh(known, change, link));
  }

  #awaiting(recordingId: string): RecordingRow | undefined {
    const known = this.#recordings.get(fromRecordingId(recordingId));
    return known && (!this.isLive || awaitsItsEvent(known)) ? known : undefined;
  }

  #touch(row: RecordingRow): void {
    this.#touched.add(row.id);
    this.#keep(row);
  }

  #keep(row: RecordingRow): void {
    this.#recordings.set(row.id, row);
    this.#ids.set(keyOf(row.call, row.path), row.id);
  }
}

function keyOf(call: number, path: string): string {
  return `${call} ${path}`;
}

function toNewRecording(
  call: number,
  { seq, callId, receivedAt }: MessageChange,
  { host, path, link, deadlineAt }: MessageLink,
): RecordingRow {
  const dueAt = toDueAt(link, receivedAt);
  return {
    id: seq,
    call,
    call_id: callId,
    host,
    path,
    link,
    link_seq: seq,
    state: pending,
    phase: dueAt === null ? null : phase.due,
    deadline_at: deadlineAt,
    next_attempt_at: dueAt,
    forced: 0,
    generation: 0,
    leased_until: null,
    leased_link_seq: null,
    attempts: 0,
    reason: null,
    short: 0,
    bytes: null,
    sha256: null,
    container: null,
    codec: null,
    channels: null,
    sample_rate: null,
    seconds: null,
    archived_at: null,
    file_name: null,
  };
}

/** A fresh link revives a recording as `isFresher` tells; a download that runs is left to finish. */
function refresh(
  known: RecordingRow,
  { seq, receivedAt }: MessageChange,
  { host, link, deadlineAt }: MessageLink,
): RecordingRow {
  return {
    ...known,
    host,
    link,
    link_seq: seq,
    deadline_at: deadlineAt,
    state: pending,
    phase: known.phase === phase.leased ? phase.leased : phase.due,
    next_attempt_at: receivedAt,
    forced: 1,
  };
}
