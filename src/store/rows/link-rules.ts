import { isRecordingReference } from '../../domain/published-recording.js';
import type { DownloadReason } from '../../domain/recording.js';
import { readRecordingLink } from '../../protocol/recording-link.js';
import type { MessageChange } from '../projection.js';
import type { RetryAnswer } from '../recordings.js';
import { fromRecordingFlagBits, phase, toStateNumber } from './recording-row.js';
import type { Row } from './row.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');
const lost = toStateNumber('lost');
const deleted = toStateNumber('deleted');

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
export function isFresher(known: Row, seq: number, link: MessageLink): boolean {
  if (known['link'] === link.link || (known['link_seq'] as number) >= seq) return false;
  // What a person deleted stays so.
  if (known['state'] === deleted) return false;
  if (known['state'] === archived) return isEmpty(known);
  if (known['state'] !== pending) return true;
  const deadlineAt = known['deadline_at'] as number;
  return link.deadlineAt >= deadlineAt || readRecordingLink(known['link'])?.expiresAt !== deadlineAt;
}

function isEmpty(known: Row): boolean {
  return fromRecordingFlagBits(known['short'] as number).includes('empty');
}

/** What an event that tells of a loss makes of a recording; undefined where it no longer speaks of its link. */
export function stateOfLoss(known: Row, reason: DownloadReason, linkSeq: number): number | undefined {
  if (reason === 'deleted') return deleted;
  return known['state'] === pending && (known['link_seq'] as number) <= linkSeq ? lost : undefined;
}

/**
 * Whether a recording was published here and its event is still to be folded. While Earshot runs, what happened to
 * any other is in its row already, and so is what happened since: reopened by hand, or deleted.
 */
export function awaitsItsEvent(known: Row): boolean {
  return known['state'] === pending && isRecordingReference(known['link'] as string);
}

/** Whether a retry by hand makes a recording due; `replacing` is as `RecordingsWriter.retryNow` has it. */
export function answerRetry(
  known: Row,
  now: number,
  replacing: string | undefined,
): Exclude<RetryAnswer, 'unknown'> {
  if (known['state'] === archived) {
    if (known['sha256'] !== replacing) return 'archived';
    // What is there may still be heard in part: it is not given up for a link that is over.
    if ((known['deadline_at'] as number) <= now) return 'not-downloadable';
  }
  if (isRecordingReference(known['link'] as string)) return 'not-downloadable';
  return known['phase'] === phase.leased && (known['leased_until'] as number) > now ? 'running' : 'accepted';
}

/** Where a download that was to replace damaged bytes finds none, the recording is archived as it was. */
export function isStillArchived(known: Row): boolean {
  return known['file_name'] !== null && !isEmpty(known);
}
