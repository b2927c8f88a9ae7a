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
import type { Row } from './row.js';

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

export const assetColumns =
  'bytes, sha256, container, codec, channels, sample_rate, seconds, archived_at, file_name';

/** In the order of `assetColumns`. */
export function toAssetValues(asset: Asset): (string | number | null)[] {
  const { bytes, sha256, container, codec, channels, sampleRate, seconds, archivedAt, fileName } = asset;
  return [
    bytes,
    sha256,
    container,
    codec ?? null,
    channels ?? null,
    sampleRate ?? null,
    seconds ?? null,
    archivedAt,
    fileName,
  ];
}

/** Of all columns of `recordings`, and `attempts`: how many of them count. */
export function toRecording(row: Row): Recording {
  const state = recordingStates[row['state'] as number] ?? 'pending';
  return {
    id: toRecordingId(row['id'] as number),
    callId: row['call_id'] as string,
    state,
    host: row['host'] as string,
    path: pathOf(row['path'] as string),
    deadlineAt: row['deadline_at'] as number,
    ...(state === 'pending' && row['next_attempt_at'] !== null
      ? { nextAttemptAt: row['next_attempt_at'] as number }
      : {}),
    attempts: row['attempts'] as number,
    ...(row['reason'] === null || state === 'archived' ? {} : { reason: row['reason'] as DownloadReason }),
    flags: fromRecordingFlagBits(row['short'] as number),
    ...(state === 'archived' ? { asset: toAsset(row) } : {}),
  };
}

function toAsset(row: Row): Asset {
  return {
    bytes: row['bytes'] as number,
    sha256: row['sha256'] as string,
    container: row['container'] as string,
    ...(row['codec'] === null ? {} : { codec: row['codec'] as string }),
    ...(row['channels'] === null ? {} : { channels: row['channels'] as number }),
    ...(row['sample_rate'] === null ? {} : { sampleRate: row['sample_rate'] as number }),
    ...(row['seconds'] === null ? {} : { seconds: row['seconds'] as number }),
    archivedAt: row['archived_at'] as number,
    fileName: row['file_name'] as string,
  };
}

export const attemptColumns =
  'recording_id, at, outcome, reason, status, duration_ms, bytes, resumed_from, address, head_ms, detail';

/** In the order of `attemptColumns`. */
export function toAttemptValues(recording: number, attempt: DownloadAttempt): (string | number | null)[] {
  const { at, outcome, reason, status, durationMs, bytes, resumedFrom, address, headMs, detail } = attempt;
  return [
    recording,
    at,
    outcome,
    reason,
    status ?? null,
    Math.round(durationMs),
    bytes,
    resumedFrom ?? null,
    address ?? null,
    headMs === undefined ? null : Math.round(headMs),
    detail ?? null,
  ];
}

export function toAttempt(row: Row): DownloadAttempt {
  return {
    at: row['at'] as number,
    outcome: row['outcome'] as Outcome,
    reason: row['reason'] as DownloadReason,
    durationMs: row['duration_ms'] as number,
    bytes: row['bytes'] as number,
    ...(row['status'] === null ? {} : { status: row['status'] as number }),
    ...(row['resumed_from'] === null ? {} : { resumedFrom: row['resumed_from'] as number }),
    ...(row['address'] === null ? {} : { address: row['address'] as string }),
    ...(row['head_ms'] === null ? {} : { headMs: row['head_ms'] as number }),
    ...(row['detail'] === null ? {} : { detail: row['detail'] as string }),
  };
}
