import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NewDelivery } from '../domain/delivery.js';
import { cutBatches, type CutRule } from './cut-batches.js';
import type { JournalWindow } from './journal-window.js';
import { select, type CallHistory, type Selected, type Wishes } from './select-messages.js';

/** Deliveries to be made, and where the cursor goes with them. */
export interface LiveCut {
  readonly from: number;
  readonly to: number;
  readonly batches: readonly NewDelivery[];
  readonly rest: readonly Selected[];
}

export interface Gathering {
  readonly wishes: Wishes;
  /** Enough is selected with so many messages. */
  readonly messages: number;
  /** Entries to be looked at, at most. */
  readonly entries: number;
  readonly lastSeq: number;
}

/** An empty stretch of the journal is worth a write of its own once it is so long: a restart would read it again. */
const entriesWorthWriting = 2_000;

/**
 * The journal as one endpoint reads it. What was selected and does not fill a batch yet stays here, in memory, behind
 * the durable cursor: a restart, or a change of what the endpoint wants, selects it again.
 */
export class LiveFeed {
  readonly #window: JournalWindow;
  readonly #newWebhookId: () => string;
  #cursor: number;
  /** Everything up to here was looked at. */
  #position: number;
  #waiting: readonly Selected[] = [];

  constructor(window: JournalWindow, cursor: number, newWebhookId: () => string) {
    this.#window = window;
    this.#cursor = cursor;
    this.#position = cursor;
    this.#newWebhookId = newWebhookId;
  }

  /** Whether there is anything to look at, or to cut once it has waited long enough. */
  hasWork(lastSeq: number): boolean {
    return this.#waiting.length > 0 || this.#position < lastSeq;
  }

  /** What the endpoint wants has changed: what was not cut yet is selected anew. */
  startOver(): void {
    this.#position = this.#cursor;
    this.#waiting = [];
  }

  /** Looks at entries until enough is selected; false where there are more than it may look at now. */
  async gather({ wishes, messages, entries, lastSeq }: Gathering): Promise<boolean> {
    const waiting = [...this.#waiting];
    const lookTo = Math.min(lastSeq, this.#position + entries);
    const histories = new Map<string, Promise<CallHistory>>();
    const readHistory = (callId: string): Promise<CallHistory> => {
      let history = histories.get(callId);
      if (!history) histories.set(callId, (history = this.#window.history(callId)));
      return history;
    };
    while (this.#position < lookTo && waiting.length < messages) {
      // Reading holds up the thread for a millisecond: pushes that have just been answered go first.
      await nextTurn();
      const { entries: read, readTo } = await this.#window.read(this.#position, lastSeq);
      // Of one piece: the history of a call is that of now, and may have grown with the next.
      histories.clear();
      for (const entry of read) {
        waiting.push(...(await select(entry, wishes, readHistory)));
        this.#position = entry.seq;
        if (waiting.length >= messages) break;
      }
      if (waiting.length < messages) this.#position = readTo;
      this.#waiting = waiting;
    }
    return this.#position >= lastSeq || waiting.length >= messages;
  }

  /** What may be cut now; undefined where there is nothing worth a write. `movesCursor`: a short empty stretch is. */
  plan(rule: CutRule, movesCursor: boolean): LiveCut | undefined {
    const { batches, rest } = cutBatches(this.#waiting, rule);
    const to = rest[0] ? rest[0].readAt - 1 : this.#position;
    const advance = to - this.#cursor;
    const isWorthIt = batches.length > 0 || advance >= entriesWorthWriting || (movesCursor && advance > 0);
    if (!isWorthIt) return undefined;
    return {
      from: this.#cursor,
      to,
      batches: batches.map((batch) => ({
        webhookId: this.#newWebhookId(),
        seqs: batch.map(({ seq }) => seq),
      })),
      rest,
    };
  }

  /** The cut is durable. */
  advance({ to, rest }: LiveCut): void {
    this.#cursor = to;
    this.#waiting = rest;
  }
}
