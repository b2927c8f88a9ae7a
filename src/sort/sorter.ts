import type { InboxReader, StoredPush } from '../store/inbox.js';
import type {
  AppendResult,
  JournalReader,
  JournalWriter,
  NewMessage,
  NewQuarantineItem,
} from '../store/journal.js';
import { sortPush } from './sort-push.js';

export interface SorterParts {
  readonly inbox: Pick<InboxReader, 'read'>;
  readonly journal: Pick<JournalReader, 'cursors'>;
  readonly journalWriter: JournalWriter;
  readonly onSorted: (result: AppendResult) => void;
}

/** Bounds of one batch: large enough that a transaction's fsync is shared by many, small enough to be short. */
const maxPushes = 1_000;
const maxBytes = 2 * 1024 * 1024;
/** One push may hold 10^5 messages; a transaction holds no more than this. */
const maxMessages = 4_000;

/**
 * Inbox → journal, in the order of receipt. The cursor moves in the transaction that writes the messages:
 * a crash anywhere repeats a batch at most, and identity makes the repetition harmless.
 */
export class Sorter {
  #cursor: number | undefined;

  constructor(private readonly parts: SorterParts) {}

  /** Sorts the next batch; false where the inbox holds no more. */
  async step(): Promise<boolean> {
    this.#cursor ??= (await this.parts.journal.cursors()).sorter;
    const pushes = await this.parts.inbox.read(this.#cursor, maxPushes, maxBytes);
    const last = pushes.at(-1);
    if (!last) return false;
    try {
      await appendSorted(pushes, this.parts, last.id);
      this.#cursor = last.id;
    } catch (error) {
      this.#cursor = undefined;
      throw error;
    }
    return true;
  }
}

/**
 * Reads every push that is still kept once more, up to where the sorter stands, and journals what is
 * missing: after an upgrade that understands more. What was right is a duplicate and stays as it is.
 */
export async function sortAgain(
  parts: SorterParts,
  onProgress: (pushes: number) => void,
): Promise<AppendResult> {
  const { sorter: end } = await parts.journal.cursors();
  const total = { appended: 0, duplicates: 0, quarantined: 0 };
  const onSorted = (result: AppendResult): void => {
    total.appended += result.appended;
    total.duplicates += result.duplicates;
    total.quarantined += result.quarantined;
  };
  for (let cursor = 0; ;) {
    const pushes = (await parts.inbox.read(cursor, maxPushes, maxBytes)).filter(({ id }) => id <= end);
    const last = pushes.at(-1);
    if (!last) return total;
    await appendSorted(pushes, { ...parts, onSorted });
    cursor = last.id;
    onProgress(pushes.length);
  }
}

async function appendSorted(
  pushes: readonly StoredPush[],
  parts: SorterParts,
  sortedUpTo?: number,
): Promise<void> {
  const messages: NewMessage[] = [];
  const quarantined: NewQuarantineItem[] = [];
  for (const push of pushes) {
    const sorted = sortPush(push);
    for (const message of sorted.messages) messages.push(message);
    for (const item of sorted.quarantined) quarantined.push(item);
  }
  let start = 0;
  do {
    const end = start + maxMessages;
    const isLast = end >= messages.length;
    const result = await parts.journalWriter.append({
      messages: messages.slice(start, end),
      quarantined: isLast ? quarantined : [],
      // Only the last piece moves the cursor: a crash before it repeats the pushes from the first piece on.
      ...(isLast && sortedUpTo !== undefined ? { sortedUpTo } : {}),
    });
    parts.onSorted(result);
    start = end;
  } while (start < messages.length);
}
