import type { RecordingFlag } from '../../domain/flags.js';
import { isRecordingReference } from '../../domain/published-recording.js';
import type { Asset, DownloadReason } from '../../domain/recording.js';
import { readRecordingLink } from '../../protocol/recording-link.js';
import type { MessageChange } from '../projection.js';
import type { RemovalAnswer, RetryAnswer, Settlement } from '../recordings.js';
import { archivedEvent, lostEvent, type NewEvent } from '../rows/recording-events.js';
import {
  fromRecordingFlagBits,
  phase,
  toAssetColumns,
  toRecordingFlagBits,
  toStateNumber,
  type RecordingRow,
} from '../rows/recording-row.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');
const lost = toStateNumber('lost');
const blocked = toStateNumber('blocked');
const deleted = toStateNumber('deleted');

/** What becomes of a recording's row: values, without a database. The states are told in shared-sql/downloads.ts. */
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

/** What is answered to a removal before anything is done; undefined: it can be removed. */
export function answerRemoval(row: RecordingRow, now: number): RemovalAnswer | undefined {
  if (row.phase === phase.leased && (row.leased_until ?? 0) > now) return { kind: 'running' };
  // Published a moment ago: the event that archives it is still to be folded.
  if (row.state === pending && row.phase === null) return { kind: 'running' };
  return row.state === deleted ? { kind: 'removed' } : undefined;
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
  return {
    ...row,
    ...(row.attempts === undefined ? {} : { attempts: row.attempts + 1 }),
    forced: 0,
    reason: outcome === 'ok' ? null : reason,
  };
}

function close(row: RecordingRow, state: number, reason: string | null): RecordingRow {
  return { ...row, state, phase: null, next_attempt_at: null, leased_until: null, forced: 0, reason };
}

export type MessageLink = NonNullable<MessageChange['recording']>;

/** When a recording is first due; never where the audio was published here and its event follows. */
export function toDueAt(link: string, receivedAt: number): number | null {
  return isRecordingReference(link) ? null : receivedAt;
}

/**
 * The same recording with a new query. An older link that arrives late must not replace one that lives longer by its own
 * words; an end that was only assumed keeps no link from being replaced. What was archived without any sound may be had
 * with a fresh link.
 */
export function isFresher(known: RecordingRow, seq: number, link: MessageLink): boolean {
  if (known.link === link.link || known.link_seq >= seq) return false;
  // What a person deleted stays so.
  if (known.state === deleted) return false;
  if (known.state === archived) return isEmpty(known);
  if (known.state !== pending) return true;
  const deadlineAt = known.deadline_at;
  return link.deadlineAt >= deadlineAt || readRecordingLink(known.link)?.expiresAt !== deadlineAt;
}

function isEmpty(known: RecordingRow): boolean {
  return fromRecordingFlagBits(known.short).includes('empty');
}

/** What an event that tells of a loss makes of a recording; undefined where it no longer speaks of its link. */
export function stateOfLoss(
  known: RecordingRow,
  reason: DownloadReason,
  linkSeq: number,
): number | undefined {
  if (reason === 'deleted') return deleted;
  return known.state === pending && known.link_seq <= linkSeq ? lost : undefined;
}

/**
 * Whether a recording was published here and its event is still to be folded. While Earshot runs, what happened to
 * any other is in its row already, and so is what happened since: reopened by hand, or deleted.
 */
export function awaitsItsEvent(known: RecordingRow): boolean {
  return known.state === pending && isRecordingReference(known.link);
}

/** Whether a retry by hand makes a recording due; `replacing` is as `RecordingsWriter.retryNow` has it. */
export function answerRetry(
  known: RecordingRow,
  now: number,
  replacing: string | undefined,
): Exclude<RetryAnswer, 'unknown'> {
  if (known.state === archived) {
    if (known.sha256 !== replacing) return 'archived';
    // What is there may still be heard in part: it is not given up for a link that is over.
    if (known.deadline_at <= now) return 'not-downloadable';
  }
  if (isRecordingReference(known.link)) return 'not-downloadable';
  return known.phase === phase.leased && (known.leased_until ?? 0) > now ? 'running' : 'accepted';
}

/** Where a download that was to replace damaged bytes finds none, the recording is archived as it was. */
function isStillArchived(known: RecordingRow): boolean {
  return known.file_name !== null && !isEmpty(known);
}
