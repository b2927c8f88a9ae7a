import { memberText, replaceMember } from '../protocol/json-text.js';

/**
 * A recording that was published here has no link of its own: in the journal its message's `recordFile` is the
 * reference `earshot:r` and the seq of that very message. It is never shown outside; a link minted for whoever is
 * shown the message stands in its place.
 *
 * A reference to any other seq is no reference but a text that somebody pushed to us: it must not become a link
 * to a recording that its sender has never been given.
 */
export function recordFileReference(seq: number): string {
  return `earshot:r${seq}`;
}

/** The id of the recording that this message published; undefined where it published none. */
export function publishedRecordingOf(seq: number, recordFile: unknown): string | undefined {
  return recordFile === recordFileReference(seq) ? `r${seq}` : undefined;
}

/** Whether a link is such a reference: nothing that could be downloaded. */
export function isRecordingReference(link: string): boolean {
  return link.startsWith('earshot:');
}

/**
 * The text of a journaled message as the outside may see it: with a minted link in the place of a reference, or
 * as it is. Costs one search where there is none.
 */
export function showMessageText(
  seq: number,
  text: string,
  mintLink: (recordingId: string) => string,
): string {
  if (!text.includes('"earshot:r')) return text;
  const reference = JSON.stringify(recordFileReference(seq));
  if (memberText(text, 'recordFile') !== reference) return text;
  return replaceMember(text, 'recordFile', JSON.stringify(mintLink(`r${seq}`)));
}
