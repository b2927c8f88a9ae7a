import { recordingFlags, type RecordingFlag } from '../../domain/flags.js';
import type { Outcome } from '../../domain/outcome.js';
import {
  recordingStates,
  type Asset,
  type DownloadAttempt,
  type DownloadReason,
  type RecordingState,
} from '../../domain/recording.js';
import { pathOf } from '../../protocol/recording-link.js';
import type { Recording } from '../recordings.js';
import type { Columns, Row } from './row.js';

/** A row of `recordings`. */
export interface RecordingRow extends Row {
  readonly id: number;
  readonly call: number;
  readonly call_id: string;
  readonly host: string;
  readonly path: string;
  readonly link: string;
  readonly link_seq: number;
  readonly state: number;
  readonly phase: number | null;
  readonly deadline_at: number;
  readonly next_attempt_at: number | null;
  readonly forced: number;
  readonly generation: number;
  readonly leased_until: number | null;
  readonly leased_link_seq: number | null;
  /** Those that count. PostgreSQL keeps them here; the embedded store counts them where they lie. */
  readonly attempts?: number;
  readonly reason: string | null;
  readonly short: number;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly container: string | null;
  readonly codec: string | null;
  readonly channels: number | null;
  readonly sample_rate: number | null;
  readonly seconds: number | null;
  readonly archived_at: number | null;
  readonly file_name: string | null;
}

export const assetColumns = {
  bytes: 'bigint',
  sha256: 'text',
  container: 'text',
  codec: 'text',
  channels: 'bigint',
  sample_rate: 'bigint',
  seconds: 'double precision',
  archived_at: 'bigint',
  file_name: 'text',
} as const satisfies Columns;

/** What changes in a recording once it is there. */
export const changingColumns = {
  host: 'text',
  link: 'text',
  link_seq: 'bigint',
  state: 'smallint',
  phase: 'smallint',
  deadline_at: 'bigint',
  next_attempt_at: 'bigint',
  forced: 'smallint',
  generation: 'bigint',
  leased_until: 'bigint',
  leased_link_seq: 'bigint',
  reason: 'text',
  short: 'smallint',
  ...assetColumns,
} as const satisfies Columns;

export const recordingColumns = {
  id: 'bigint',
  call: 'bigint',
  call_id: 'text',
  path: 'text',
  ...changingColumns,
} as const satisfies Columns;

/** Phases of a pending recording: it waits for its next attempt, is due, or is somebody's under a lease. */
export const phase = { waiting: 0, due: 1, leased: 2 } as const;

export function toStateNumber(state: RecordingState): number {
  return recordingStates.indexOf(state);
}

/** Public ids of recordings are `r` and the seq of the entry that first told of them. */
export function toRecordingId(id: number): string {
  return `r${id}`;
}

/** 0, which no row has, for anything that is no id. */
export function fromRecordingId(id: string): number {
  return /^r[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

/** Of rows with a state and a count. */
export function toStateCounts(rows: readonly Row[]): Record<RecordingState, number> {
  const counts: Record<RecordingState, number> = { pending: 0, archived: 0, lost: 0, blocked: 0, deleted: 0 };
  for (const row of rows) {
    const state = recordingStates[row['state'] as number];
    if (state) counts[state] = row['count'] as number;
  }
  return counts;
}

/** Condition on `recordings`: nobody has acknowledged that it is lost (shared-sql/acknowledgements.ts). */
export const unacknowledgedSql = `NOT EXISTS (SELECT 1 FROM acknowledgements AS told WHERE told.kind = 'recording'
  AND told.subject = recordings.id AND told.generation = recordings.generation)`;

/** The column is called `short` because that was the only flag once; now it holds a bit for each. */
export function toRecordingFlagBits(flags: readonly RecordingFlag[]): number {
  return flags.reduce((bits, flag) => bits | (1 << recordingFlags.indexOf(flag)), 0);
}

/** That a recording has the flag, as the index of those that have any serves it (store-schema.ts, calls-schema.ts). */
export function hasFlagSql(flag: RecordingFlag): string {
  return `short <> 0 AND short & ${1 << recordingFlags.indexOf(flag)} <> 0`;
}

export function fromRecordingFlagBits(bits: number): RecordingFlag[] {
  return recordingFlags.filter((_flag, index) => bits & (1 << index));
}

/** Of all columns of `recordings`, and `attempts`: how many of them count. */
export function toRecording(row: Row): Recording {
  const told = row as RecordingRow;
  const state = recordingStates[told.state] ?? 'pending';
  return {
    id: toRecordingId(told.id),
    callId: told.call_id,
    state,
    host: told.host,
    path: pathOf(told.path),
    deadlineAt: told.deadline_at,
    ...(state === 'pending' && told.next_attempt_at !== null ? { nextAttemptAt: told.next_attempt_at } : {}),
    attempts: told.attempts ?? 0,
    ...(told.reason === null || state === 'archived' ? {} : { reason: told.reason as DownloadReason }),
    flags: fromRecordingFlagBits(told.short),
    ...(state === 'archived' ? { asset: toAsset(told) } : {}),
  };
}

function toAsset(row: RecordingRow): Asset {
  return {
    bytes: row.bytes as number,
    sha256: row.sha256 as string,
    container: row.container as string,
    ...(row.codec === null ? {} : { codec: row.codec }),
    ...(row.channels === null ? {} : { channels: row.channels }),
    ...(row.sample_rate === null ? {} : { sampleRate: row.sample_rate }),
    ...(row.seconds === null ? {} : { seconds: row.seconds }),
    archivedAt: row.archived_at as number,
    fileName: row.file_name as string,
  };
}

/** By the columns of an asset; of none, null in each. */
export function toAssetColumns(asset?: Asset): Pick<RecordingRow, keyof typeof assetColumns> {
  return {
    bytes: asset?.bytes ?? null,
    sha256: asset?.sha256 ?? null,
    container: asset?.container ?? null,
    codec: asset?.codec ?? null,
    channels: asset?.channels ?? null,
    sample_rate: asset?.sampleRate ?? null,
    seconds: asset?.seconds ?? null,
    archived_at: asset?.archivedAt ?? null,
    file_name: asset?.fileName ?? null,
  };
}

/** A row of `attempts`. */
export interface AttemptRow extends Row {
  readonly recording_id: number;
  readonly at: number;
  readonly outcome: string;
  readonly reason: string;
  readonly status: number | null;
  readonly duration_ms: number;
  readonly bytes: number;
  readonly resumed_from: number | null;
  readonly address: string | null;
  readonly head_ms: number | null;
  readonly detail: string | null;
}

export const attemptColumns = {
  recording_id: 'bigint',
  at: 'bigint',
  outcome: 'text',
  reason: 'text',
  status: 'integer',
  duration_ms: 'bigint',
  bytes: 'bigint',
  resumed_from: 'bigint',
  address: 'text',
  head_ms: 'bigint',
  detail: 'text',
} as const satisfies Columns;

export function toAttemptRow(recording: number, attempt: DownloadAttempt): AttemptRow {
  return {
    recording_id: recording,
    at: attempt.at,
    outcome: attempt.outcome,
    reason: attempt.reason,
    status: attempt.status ?? null,
    duration_ms: Math.round(attempt.durationMs),
    bytes: attempt.bytes,
    resumed_from: attempt.resumedFrom ?? null,
    address: attempt.address ?? null,
    head_ms: attempt.headMs === undefined ? null : Math.round(attempt.headMs),
    detail: attempt.detail ?? null,
  };
}

export function toAttempt(row: Row): DownloadAttempt {
  const told = row as AttemptRow;
  return {
    at: told.at,
    outcome: told.outcome as Outcome,
    reason: told.reason as DownloadReason,
    durationMs: told.duration_ms,
    bytes: told.bytes,
    ...(told.status === null ? {} : { status: told.status }),
    ...(told.resumed_from === null ? {} : { resumedFrom: told.resumed_from }),
    ...(told.address === null ? {} : { address: told.address }),
    ...(told.head_ms === null ? {} : { headMs: told.head_ms }),
    ...(told.detail === null ? {} : { detail: told.detail }),
  };
}
