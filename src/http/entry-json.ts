import { setImmediate as nextTurn } from 'node:timers/promises';
import { showMessageText } from '../domain/published-recording.js';
import type { Entry } from '../store/journal.js';
import { hideLinksInSteps } from '../protocol/link-display.js';
import { toInstant } from './json-values.js';

/*
 * Entries are put together as text. `message` is the element as received, every digit of it (interface,
 * “Rules”): 1E400, -0, 20-digit numbers and duplicate keys would not survive being parsed and written again.
 */

const turnMs = 10;

/** Lets others have their turn once this work has taken long enough. */
class Turns {
  #since = performance.now();

  async others(): Promise<void> {
    if (performance.now() - this.#since < turnMs) return;
    await nextTurn();
    this.#since = performance.now();
  }
}

/** How entries are shown. */
export interface EntryView {
  readonly mintLink: (recordingId: string) => string;
  /** For those who may not download: links without what makes them work. */
  readonly hidesLinks?: boolean;
}

/** One entry of the feed as JSON text. */
async function toEntryText(
  entry: Entry,
  { mintLink, hidesLinks = false }: EntryView,
  turns: Turns,
): Promise<string> {
  const { seq, type, callId, source } = entry;
  const head = JSON.stringify({ seq, type, callId, receivedAt: toInstant(entry.receivedAt), source });
  const text = showMessageText(seq, entry.text, mintLink);
  const parts = [`${head.slice(0, -1)},"message":`];
  if (!hidesLinks) parts.push(text);
  else {
    for (const part of hideLinksInSteps(text)) {
      parts.push(part);
      await turns.others();
    }
  }
  return `${parts.join('')}}`;
}

/**
 * `value` as JSON text with one more member, an array of entries. `value` has at least one member. A reader of
 * a recording that was published here gets a link minted for this answer. A large answer is made a little at a time:
 * acknowledgements of pushes are given by the same thread.
 */
export async function withEntries(
  value: object,
  member: string,
  entries: readonly Entry[],
  view: EntryView,
): Promise<string> {
  const head = JSON.stringify(value).slice(0, -1);
  const turns = new Turns();
  const texts: string[] = [];
  for (const entry of entries) {
    texts.push(await toEntryText(entry, view, turns));
    await turns.others();
  }
  return `${head},${JSON.stringify(member)}:[${texts.join(',')}]}`;
}
