import { showMessageText } from '../domain/published-recording.js';
import type { Entry } from '../store/journal.js';
import { hideLinksInJson } from '../protocol/link-display.js';
import { toInstant } from './instant.js';

/*
 * Entries are put together as text. `message` is the element as received, every digit of it (interface,
 * “Rules”): 1E400, -0, 20-digit numbers and duplicate keys would not survive being parsed and written again.
 */

/** How entries are shown. */
export interface EntryView {
  readonly mintLink: (recordingId: string) => string;
  /** Whoever may not download is shown links without what makes them work. */
  readonly hidesLinks?: boolean;
}

/** One entry of the feed as JSON text. */
function toEntryText(entry: Entry, { mintLink, hidesLinks = false }: EntryView): string {
  const { seq, type, callId, source } = entry;
  const head = JSON.stringify({ seq, type, callId, receivedAt: toInstant(entry.receivedAt), source });
  const text = showMessageText(seq, entry.text, mintLink);
  return `${head.slice(0, -1)},"message":${hidesLinks ? hideLinksInJson(text) : text}}`;
}

/**
 * `value` as JSON text with one more member, an array of entries. `value` has at least one member. Whoever reads of
 * a recording that was published here gets a link minted for this answer.
 */
export function withEntries(
  value: object,
  member: string,
  entries: readonly Entry[],
  view: EntryView,
): string {
  const head = JSON.stringify(value).slice(0, -1);
  const texts = entries.map((entry) => toEntryText(entry, view));
  return `${head},${JSON.stringify(member)}:[${texts.join(',')}]}`;
}
