import { isKept, type PushAnswer } from '../support/push-sender.js';
import type { FeedEntry } from '../support/api-reader.js';
import type { LoadPush } from './push-load.js';

/** What a sender knows of what it sent: the only thing that what is found may be measured by. */
export interface Ledger {
  /** Call before the first byte goes out: a push may arrive although no answer comes back. */
  sent(push: LoadPush): void;
  answered(push: LoadPush, answer: PushAnswer): void;
  readonly acknowledgedPushes: number;
  readonly acknowledgedMessages: number;
  /** What is wrong with a complete feed, in sentences; none where all is well. */
  compareFeed(feed: readonly FeedEntry[]): string[];
  /** The same for the previews of everything in quarantine. */
  compareQuarantine(previews: readonly string[]): string[];
}

interface Count {
  sent: number;
  acknowledged: number;
}

export function createLedger(): Ledger {
  const messages = new Map<string, Count>();
  const badWords = new Map<string, Count>();
  let acknowledgedPushes = 0;

  const countsOf = (push: LoadPush): Count[] => [
    ...push.messages.map((text) => countOf(messages, text)),
    ...push.badWords.map((word) => countOf(badWords, word)),
  ];

  return {
    sent: (push) => {
      for (const count of countsOf(push)) count.sent++;
    },
    answered: (push, answer) => {
      if (!isKept(answer)) return;
      acknowledgedPushes++;
      for (const count of countsOf(push)) count.acknowledged++;
    },
    get acknowledgedPushes() {
      return acknowledgedPushes;
    },
    get acknowledgedMessages() {
      return [...messages.values()].filter(({ acknowledged }) => acknowledged > 0).length;
    },
    compareFeed: (feed) => {
      const found = countEach(feed.map(({ text }) => text));
      return [
        ...compare(messages, found, () => 1),
        ...feed.flatMap(({ seq }, index) =>
          seq > (feed[index - 1]?.seq ?? 0) ? [] : [`seq ${seq} does not ascend`],
        ),
      ];
    },
    // A push that came twice with the same bad item is two pushes with one bad item each.
    compareQuarantine: (previews) =>
      compare(
        badWords,
        countEach(previews.map(wordIn)),
        ({ sent }) => sent,
        ({ acknowledged }) => acknowledged,
      ),
  };
}

function wordIn(preview: string): string {
  return /bad-\d+-\d+/.exec(preview)?.[0] ?? preview;
}

/** Acknowledged: at least `least` times (once unless said otherwise). Sent: at most `most` times. Never sent: never. */
function compare(
  counts: ReadonlyMap<string, Count>,
  found: ReadonlyMap<string, number>,
  most: (count: Count) => number,
  least: (count: Count) => number = ({ acknowledged }) => Math.min(acknowledged, 1),
): string[] {
  const wrong: string[] = [];
  for (const [text, count] of counts) {
    const times = found.get(text) ?? 0;
    if (times < least(count)) wrong.push(`acknowledged and not there (${times} times): ${text}`);
    if (times > most(count)) wrong.push(`there ${times} times: ${text}`);
  }
  for (const text of found.keys()) if (!counts.has(text)) wrong.push(`never sent: ${text}`);
  return wrong;
}

function countOf(counts: Map<string, Count>, key: string): Count {
  const known = counts.get(key);
  if (known) return known;
  const count = { sent: 0, acknowledged: 0 };
  counts.set(key, count);
  return count;
}

function countEach(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
