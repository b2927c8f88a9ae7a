import {
  recordingStates,
  type Asset,
  type DownloadReason,
  type RecordingState,
} from '../../domain/recording.js';
import type { Recording } from '../recordings.js';
import type { Connection, Row, SqlValue } from './connection.js';

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

const attemptsOf = `SELECT count(*) FROM attempts WHERE outcome <> 'aborted' AND recording_id =`;

/** What `toRecording` needs, of a table named `recordings`. Attempts are counted where they lie: they are no projection. */
export const recordingColumns = `recordings.*, (${attemptsOf} recordings.id) AS attempts`;

export function countAttempts(connection: Connection, id: number): number {
  return connection.prepare(`SELECT (${attemptsOf} ?) AS attempts`).get(id)?.['attempts'] as number;
}

export const assetColumns =
  'bytes, sha256, container, codec, channels, sample_rate, seconds, archived_at, file_name';

export function toAssetValues(asset: Asset): SqlValue[] {
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

export function toRecording(row: Row): Recording {
  const state = recordingStates[row['state'] as number] ?? 'pending';
  return {
    id: toRecordingId(row['id'] as number),
    callId: row['call_id'] as string,
    state,
    host: row['host'] as string,
    path: row['path'] as string,
    deadlineAt: row['deadline_at'] as number,
    ...(state === 'pending' && row['next_attempt_at'] !== null
      ? { nextAttemptAt: row['next_attempt_at'] as number }
      : {}),
    attempts: row['attempts'] as number,
    ...(row['reason'] === null || state === 'archived' ? {} : { reason: row['reason'] as DownloadReason }),
    flags: row['short'] === 1 ? ['short'] : [],
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

/**
 * Keeps the counts by state and the call's own set of states exact; the caller holds the transaction.
 * `suffix` names the tables of a rebuild (store-schema.ts).
 */
export function noteStateChange(
  connection: Connection,
  call: number,
  from: number,
  to: number,
  suffix = '',
): void {
  if (from === to) return;
  addToCount(connection, from, -1, suffix);
  addToCount(connection, to, 1, suffix);
  refreshCallStates(connection, call, suffix);
}

export function addToCount(connection: Connection, state: number, difference: number, suffix = ''): void {
  connection
    .prepare(`UPDATE recording_counts${suffix} SET count = count + ? WHERE state = ?`)
    .run(difference, state);
}

export function refreshCallStates(connection: Connection, call: number, suffix = ''): void {
  connection
    .prepare(
      `UPDATE calls${suffix} SET recording_states =
         (SELECT coalesce(sum(DISTINCT 1 << state), 0) FROM recordings${suffix} WHERE call = calls${suffix}.id) WHERE id = ?`,
    )
    .run(call);
}
