import { showMessageText } from '../domain/published-recording.js';
import type { Entry } from '../store/journal.js';
import { toInstant } from './instant.js';

/*
 * Entries are put together as text. `message` is the element as received, every digit of it (interface,
 * “Rules”): 1E400, -0, 20-digit numbers and duplicate keys would not survive being parsed and written again.
 */

/** One entry of the feed as JSON text. */
function toEntryText(entry: Entry, mintLink: (recordingId: string) => string): string {
  const { seq, type, callId, source } = entry;
  const head = JSON.stringify({ seq, type, callId, receivedAt: toInstant(entry.receivedAt), source });
  return `${head.slice(0, -1)},"message":${showMessageText(seq, entry.text, mintLink)}}`;
}

/**
 * `value` as JSON text with one more member, an array of entries. `value` has at least one member. Whoever reads of
 * a recording that was published here gets a link minted for this answer.
 */
export function withEntries(
  value: object,
  member: string,
  entries: readonly Entry[],
  mintLink: (recordingId: string) => string,
): string {
  const head = JSON.stringify(value).slice(0, -1);
  const texts = entries.map((entry) => toEntryText(entry, mintLink));
  return `${head},${JSON.stringify(member)}:[${texts.join(',')}]}`;
}
