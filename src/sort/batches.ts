import type { NewMessage, NewQuarantineItem, SortedBatch } from '../store/journal.js';
import type { PieceBounds, SortedPush } from './sort-push.js';

/** One push may hold 10^5 items, and gzip unpacks to a thousand times its size; a transaction holds no more than this. */
const maxItems = 8_000;
const maxCharacters = 8 * 1024 * 1024;

/** A piece is sorted at a stretch: long enough for a small transaction, short enough that others get their turn. */
export const pieceBounds: PieceBounds = { elements: 4_000, characters: 1024 * 1024 };

/** Gathers pieces of pushes into transactions. */
export class Batches {
  #batch = new Batch();

  constructor(private readonly append: (batch: SortedBatch) => Promise<void>) {}

  async add(piece: SortedPush): Promise<void> {
    if (!this.#batch.hasRoomFor(piece)) {
      // Only the last batch moves the cursor: a crash before it repeats the pushes, and identity makes that harmless.
      const { messages, quarantined } = this.#batch;
      this.#batch = new Batch();
      await this.append({ messages, quarantined });
    }
    this.#batch.add(piece);
  }

  /** Appends what is left; the cursor moves with it, where it is to move. */
  async end(sortedUpTo?: number): Promise<void> {
    const { messages, quarantined } = this.#batch;
    this.#batch = new Batch();
    if (sortedUpTo === undefined && messages.length + quarantined.length === 0) return;
    await this.append({ messages, quarantined, ...(sortedUpTo === undefined ? {} : { sortedUpTo }) });
  }
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
