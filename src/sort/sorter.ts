import { WriteBehind } from '../domain/write-behind.js';
import type { InboxReader, StoredPush } from '../store/inbox.js';
import type {
  AppendResult,
  JournalReader,
  JournalWriter,
  NewMessage,
  NewQuarantineItem,
  SortedBatch,
} from '../store/journal.js';
import { sortInPieces, type SortedPush } from './sort-push.js';

export interface SorterParts {
  readonly inbox: Pick<InboxReader, 'read'>;
  readonly journal: Pick<JournalReader, 'cursors'>;
  readonly journalWriter: Pick<JournalWriter, 'append'>;
  readonly onSorted: (result: AppendResult) => void;
}

/** Bounds of one batch: large enough that pages and fsyncs are shared by many, small enough to fit in memory twice. */
const maxPushes = 8_000;
const maxBytes = 2.5 * 1024 * 1024;
/** One push may hold 10^5 items, and gzip unpacks to a thousand times its size; a transaction holds no more than this. */
const maxItems = 8_000;
const maxCharacters = 8 * 1024 * 1024;

/**
 * Inbox → journal, in the order of receipt. The cursor moves in the transaction that writes the messages:
 * a crash anywhere repeats a batch at most, and identity makes the repetition harmless.
 */
export class Sorter {
  readonly #writes = new WriteBehind();
  #cursor: number | undefined;

  constructor(private readonly parts: SorterParts) {}

  /**
   * Sorts the next batch; false where the inbox holds no whole batch more. What is left is then left to gather
   * for a moment: sorting every few pushes by themselves would cost an fsync each, on the disk that the
   * inbox's own fsyncs wait for.
   */
  async step(): Promise<boolean> {
    try {
      this.#cursor ??= (await this.parts.journal.cursors()).sorter;
      const pushes = await this.parts.inbox.read(this.#cursor, maxPushes, maxBytes);
      const last = pushes.at(-1);
      if (last) await appendSorted(pushes, (batch) => this.#append(batch), last.id);
      this.#cursor = last?.id ?? this.#cursor;
      const hasMore = isFull(pushes);
      if (!hasMore) await this.#writes.settle();
      return hasMore;
    } catch (error) {
      this.#cursor = undefined;
      throw error;
    }
  }

  /** While this batch is written, the next is read and sorted. */
  #append(batch: SortedBatch): Promise<void> {
    const { journalWriter, onSorted } = this.parts;
    return this.#writes.begin(async () => {
      onSorted(await journalWriter.append(batch));
    });
  }
}

function isFull(pushes: readonly StoredPush[]): boolean {
  if (pushes.length >= maxPushes) return true;
  let bytes = 0;
  for (const { body } of pushes) bytes += body.byteLength;
  return bytes > maxBytes / 2;
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
    await appendSorted(pushes, async (batch) => {
      onSorted(await parts.journalWriter.append(batch));
    });
    cursor = last.id;
    onProgress(pushes.length);
  }
}

async function appendSorted(
  pushes: readonly StoredPush[],
  append: (batch: SortedBatch) => Promise<void>,
  sortedUpTo?: number,
): Promise<void> {
  let batch = new Batch();
  for (const push of pushes) {
    for (const piece of sortInPieces(push, maxItems)) {
      if (!batch.hasRoomFor(piece)) {
        // Only the last batch moves the cursor: a crash before it repeats the pushes, and identity makes that harmless.
        const { messages, quarantined } = batch;
        await append({ messages, quarantined });
        batch = new Batch();
      }
      batch.add(piece);
    }
  }
  const { messages, quarantined } = batch;
  const cursor = sortedUpTo === undefined ? {} : { sortedUpTo };
  await append({ messages, quarantined, ...cursor });
}

/** What goes into one transaction. */
class Batch implements SortedBatch {
  readonly messages: NewMessage[] = [];
  readonly quarantined: NewQuarantineItem[] = [];
  #characters = 0;

  hasRoomFor({ messages, quarantined }: SortedPush): boolean {
    const items = this.messages.length + this.quarantined.length;
    if (items === 0) return true;
    return items + messages.length + quarantined.length <= maxItems && this.#characters < maxCharacters;
  }

  add({ messages, quarantined }: SortedPush): void {
    for (const message of messages) {
      this.messages.push(message);
      this.#characters += message.text.length;
    }
    for (const item of quarantined) {
      this.quarantined.push(item);
      this.#characters += item.body.length;
    }
  }
}
