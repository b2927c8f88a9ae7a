import { callFlags, type CallFlag } from '../../domain/flags.js';
import type { Call } from '../calls.js';
import type { MessageChange } from '../projection.js';
import type { Recording } from '../recordings.js';
import type { Columns, Row } from './row.js';

/** What messages tell of a call, by its columns. */
export interface ToldColumns {
  task_id: string | null;
  detail_id: string | null;
  batch_id: string | null;
  out_id: string | null;
  start_time: string | null;
  end_time: string | null;
  start_at: number | null;
  end_at: number | null;
  duration_seconds: number | null;
  /** Rank of the message that the times come from. */
  times_rank: number;
  flags: number;
  first_received_at: number;
  last_received_at: number;
  /** When the call was: `start_at`; where there is none, when dialling began, or its end; else the first receipt. */
  sort_at: number;
}

/** A row of `calls`. */
export interface CallRow extends Row, ToldColumns {
  readonly id: number;
  readonly call_id: string;
  readonly call_tail: string | null;
  /** Bit n: has a recording in state n. */
  readonly recording_states: number;
}

/** What further messages change in a call. Its states follow its recordings. */
export const toldColumns = {
  task_id: 'text',
  detail_id: 'text',
  batch_id: 'text',
  out_id: 'text',
  start_time: 'text',
  end_time: 'text',
  start_at: 'bigint',
  end_at: 'bigint',
  duration_seconds: 'double precision',
  times_rank: 'smallint',
  flags: 'smallint',
  first_received_at: 'bigint',
  last_received_at: 'bigint',
  sort_at: 'bigint',
} as const satisfies Columns;

export const callColumns = {
  id: 'bigint',
  call_id: 'text',
  call_tail: 'text',
  ...toldColumns,
  recording_states: 'smallint',
} as const satisfies Columns;

/** Columns are named in every query of PostgreSQL: `*` would change under a prepared statement when a newer version adds one. */
export const callColumnNames = Object.keys(callColumns).join(', ');

/** What the first message of a call tells. */
export function toToldColumns(change: MessageChange): ToldColumns {
  return {
    task_id: change.taskId ?? null,
    detail_id: change.detailId ?? null,
    batch_id: change.batchId ?? null,
    out_id: change.outId ?? null,
    start_time: change.startTime ?? null,
    end_time: change.endTime ?? null,
    start_at: change.startAt ?? null,
    end_at: change.endAt ?? null,
    duration_seconds: change.durationSeconds ?? null,
    times_rank: change.rank,
    flags: toFlagBits(change.flags),
    first_received_at: change.receivedAt,
    last_received_at: change.receivedAt,
    sort_at: toSortAt(change),
  };
}

/** When a call was, as its first message tells. */
export function toSortAt({ startAt, originatedAt, endAt, receivedAt }: MessageChange): number {
  return startAt ?? originatedAt ?? endAt ?? receivedAt;
}

/**
 * What is known once a further message is heard. The newest message wins where it says something; times only
 * against a message that knows no more of them (a report's start is when it was answered, a record's when the
 * call began).
 */
export function foldIntoCall(call: ToldColumns, change: MessageChange): ToldColumns {
  const told = toToldColumns(change);
  const times = change.rank >= call.times_rank ? told : call;
  const startAt = times.start_at ?? call.start_at;
  const firstReceivedAt = Math.min(call.first_received_at, change.receivedAt);
  // Without a start, another time than the first receipt is one that an earlier message told.
  const toldAt = call.start_at === null && call.sort_at !== call.first_received_at ? call.sort_at : undefined;
  return {
    task_id: told.task_id ?? call.task_id,
    detail_id: told.detail_id ?? call.detail_id,
    batch_id: told.batch_id ?? call.batch_id,
    out_id: told.out_id ?? call.out_id,
    start_time: times.start_time ?? call.start_time,
    end_time: times.end_time ?? call.end_time,
    start_at: startAt,
    end_at: times.end_at ?? call.end_at,
    duration_seconds: times.duration_seconds ?? call.duration_seconds,
    times_rank: Math.max(change.rank, call.times_rank),
    flags: times.flags,
    first_received_at: firstReceivedAt,
    last_received_at: Math.max(call.last_received_at, change.receivedAt),
    sort_at: startAt ?? change.originatedAt ?? toldAt ?? change.endAt ?? firstReceivedAt,
  };
}

export function toFlagBits(flags: readonly CallFlag[]): number {
  let bits = 0;
  for (const flag of flags) bits |= 1 << callFlags.indexOf(flag);
  return bits;
}

export function fromFlagBits(bits: number): CallFlag[] {
  return callFlags.filter((_flag, bit) => (bits >> bit) & 1);
}

/** What stands behind the first `^`, where something stands on both sides of it. */
export function tailOf(callId: string): string | null {
  const caret = callId.indexOf('^');
  return caret < 1 || caret === callId.length - 1 ? null : callId.slice(caret + 1);
}

export function toCall(row: Row, recordings: readonly Recording[]): Call {
  const told = row as CallRow;
  const call: Record<string, unknown> = {
    callId: told.call_id,
    flags: fromFlagBits(told.flags),
    recordings,
    at: told.sort_at,
    firstReceivedAt: told.first_received_at,
    lastReceivedAt: told.last_received_at,
  };
  for (const [name, column] of optionalColumns) if (told[column] !== null) call[name] = told[column];
  return call as unknown as Call;
}

const optionalColumns = [
  ['taskId', 'task_id'],
  ['detailId', 'detail_id'],
  ['batchId', 'batch_id'],
  ['outId', 'out_id'],
  ['startTime', 'start_time'],
  ['endTime', 'end_time'],
  ['startAt', 'start_at'],
  ['endAt', 'end_at'],
  ['durationSeconds', 'duration_seconds'],
] as const;
