import type { RecordingFlag } from '../../domain/flags.js';
import type { Asset } from '../../domain/recording.js';
import type { Settlement } from '../recordings.js';
import { isStillArchived } from '../rows/link-rules.js';
import { archivedEvent, lostEvent, type NewEvent } from '../rows/recording-events.js';
import {
  assetColumns,
  phase,
  toAssetValues,
  toRecordingFlagBits,
  toStateNumber,
} from '../rows/recording-row.js';
import type { RecordingRow } from './projected-rows.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');
const lost = toStateNumber('lost');
const blocked = toStateNumber('blocked');
const deleted = toStateNumber('deleted');

/** What becomes of a recording's row: values, without a database. The states are told in downloads-table.ts. */
export interface Change {
  readonly row: RecordingRow;
  /** What the journal is told of it, in the same transaction. */
  readonly event?: NewEvent;
}

/** What a settlement makes of a row that its holder still holds. */
export function settle(leased: RecordingRow, { attempt, verdict, now, generation }: Settlement): Change {
  const row = attempt && attempt.outcome !== 'aborted' ? counted(leased, attempt) : leased;
  const linkIsStale = (row.leased_link_seq ?? 0) < row.link_seq;
  const announced = { id: row.id, callId: row.call_id, generation };
  switch (verdict.kind) {
    case 'archived':
      return {
        row: archive(row, verdict.asset, verdict.flags),
        event: archivedEvent(announced, { ...verdict, now }),
      };
    case 'released':
      return { row: { ...row, phase: phase.due, leased_until: null } };
    case 'retry':
      if (linkIsStale) return { row: reopen(row, now, true) };
      return { row: wait(row, verdict.nextAttemptAt) };
    case 'put-off':
      return { row: { ...wait(row, verdict.nextAttemptAt), reason: verdict.reason } };
    case 'lost':
      if (linkIsStale) return { row: reopen(row, now, true) };
      if (isStillArchived(row)) return { row: close(row, archived, verdict.reason) };
      return {
        row: close(row, lost, verdict.reason),
        event: lostEvent(announced, { reason: verdict.reason, linkSeq: row.link_seq, now }),
      };
    case 'blocked':
      return { row: linkIsStale ? reopen(row, now, true) : close(row, blocked, verdict.reason) };
  }
}

/** Due now, whatever it was. `forced`: for one attempt at least, whatever its deadline. */
export function reopen(row: RecordingRow, now: number, forced: boolean): RecordingRow {
  return {
    ...row,
    state: pending,
    phase: phase.due,
    next_attempt_at: now,
    leased_until: null,
    forced: forced ? 1 : 0,
  };
}

export function archive(row: RecordingRow, asset: Asset, flags: readonly RecordingFlag[]): RecordingRow {
  return { ...close(row, archived, null), short: toRecordingFlagBits(flags), ...toAssetColumns(asset) };
}

/** The same bytes, told anew; undefined where they are not those of the recording. */
export function describe(
  row: RecordingRow,
  asset: Asset,
  flags: readonly RecordingFlag[],
): RecordingRow | undefined {
  if (row.state !== archived || row.sha256 !== asset.sha256) return undefined;
  return { ...row, short: toRecordingFlagBits(flags), ...toAssetColumns(asset) };
}

function wait(row: RecordingRow, nextAttemptAt: number): RecordingRow {
  return { ...row, phase: phase.waiting, next_attempt_at: nextAttemptAt, leased_until: null };
}

/** `lost` or `deleted`: without an asset, whatever it had. */
export function lose(row: RecordingRow, state: number, reason: string): RecordingRow {
  return { ...close(row, state, reason), short: 0, ...toAssetColumns() };
}

/**
 * Taken out of the archive for good. The raised generation refuses a download whose
 * lease had run out, and makes the event one of its own beside that of an earlier loss.
 */
export function remove(row: RecordingRow, now: number): Required<Change> {
  const removed = { ...lose(row, deleted, 'deleted'), generation: row.generation + 1 };
  const announced = { id: row.id, callId: row.call_id, generation: removed.generation };
  return { row: removed, event: lostEvent(announced, { reason: 'deleted', linkSeq: row.link_seq, now }) };
}

function counted(row: RecordingRow, { outcome, reason }: NonNullable<Settlement['attempt']>): RecordingRow {
  return { ...row, attempts: row.attempts + 1, forced: 0, reason: outcome === 'ok' ? null : reason };
}

function close(row: RecordingRow, state: number, reason: string | null): RecordingRow {
  return { ...row, state, phase: null, next_attempt_at: null, leased_until: null, forced: 0, reason };
}

function toAssetColumns(asset?: Asset): Partial<RecordingRow> {
  const values = asset && toAssetValues(asset);
  return Object.fromEntries(assetColumns.split(', ').map((name, index) => [name, values?.[index] ?? null]));
}
