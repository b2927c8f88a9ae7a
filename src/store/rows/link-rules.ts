import { isRecordingReference } from '../../domain/published-recording.js';
import type { DownloadReason } from '../../domain/recording.js';
import type { MessageChange } from '../projection.js';
import { toStateNumber } from './recording-row.js';
import type { Row } from './row.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');

export type MessageLink = NonNullable<MessageChange['recording']>;

/** When a recording is first due; never where the audio was published here and its event follows. */
export function toDueAt(link: string, receivedAt: number): number | null {
  return isRecordingReference(link) ? null : receivedAt;
}

/** The same recording with a new query. An older link that arrives late must not replace one that lives longer. */
export function isFresher(known: Row, seq: number, link: MessageLink): boolean {
  if (known['state'] === archived || known['link'] === link.link || (known['link_seq'] as number) >= seq)
    return false;
  return known['state'] !== pending || link.deadlineAt >= (known['deadline_at'] as number);
}

/** Only what somebody deletes is lost although it is archived, or is lost already. */
export function canBeLost(known: Row, reason: DownloadReason, linkSeq: number): boolean {
  if (known['state'] === archived) return reason === 'deleted';
  if (known['state'] !== pending && reason !== 'deleted') return false;
  return (known['link_seq'] as number) <= linkSeq;
}

/**
 * Whether a recording was published here and its event is still to be folded. While Earshot runs, what happened to
 * any other is in its row already, and so is what happened since: reopened by hand, or deleted.
 */
export function awaitsItsEvent(known: Row): boolean {
  return known['state'] === pending && isRecordingReference(known['link'] as string);
}
