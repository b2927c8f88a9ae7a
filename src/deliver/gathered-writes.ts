import { setTimeout as wait } from 'node:timers/promises';
import { StoreError } from '../store/store-error.js';

/** Items in one write: enough to share an fsync, few enough for the writer to turn to others. */
const maxItems = 256;
const retryMs = 500;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatheredWritesParts<Item, Answer> {
  readonly write: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly onFailure: (error: unknown) => void;
  /** How long the first of a group may wait for others. */
  readonly lingerMs: number;
}

/**
 * While one write runs the next gathers: the writes of all endpoints share transactions and their fsyncs. A write
 * that the store cannot do now (full, busy) is tried until it can; one that it refuses for what is in it is done item
 * by item, so that a mistake with one does not hold up the others.
 */
export class GatheredWrites<Item, Answer> {
  readonly #parts: GatheredWritesParts<Item, Answer>;
  readonly #ending = new AbortController();
  #waiting: Waiting<Item, Answer>[] = [];
  #isWriting = false;

  constructor(parts: GatheredWritesParts<Item, Answer>) {
    this.#parts = parts;
  }

  /** Resolves once it is durable. Rejects for what is wrong with the item itself, or after `end`. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  /** From now on a write that fails is not tried again. */
  end(): void {
    this.#ending.abort();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      await this.#linger();
      await this.#writeGroup(this.#waiting.splice(0, maxItems));
    }
    this.#isWriting = false;
  }

  /** Whatever else is added in this turn of the loop, at least, goes along. */
  async #linger(): Promise<void> {
    const { lingerMs } = this.#parts;
    const { signal } = this.#ending;
    if (lingerMs === 0 || signal.aborted) await Promise.resolve();
    else await wait(lingerMs, undefined, { signal }).catch(() => undefined);
  }

  async #writeGroup(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    for (;;) {
      try {
        const answers = await this.#parts.write(group.map(({ item }) => item));
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
        return;
      } catch (error) {
        this.#parts.onFailure(error);
        if (!(error instanceof StoreError) && group.length > 1) {
          for (const single of group) await this.#writeGroup([single]);
          return;
        }
        if (!(error instanceof StoreError) || error.kind === 'closed' || this.#ending.signal.aborted) {
          for (const { reject } of group) reject(error);
          return;
        }
        await wait(retryMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
      }
    }
  }
}
