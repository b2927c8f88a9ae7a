import type { MessageType } from '../protocol/message.js';
import type { AppendResult, NewMessage } from './journal.js';

export interface QuarantineItem {
  readonly id: string;
  readonly receivedAt: number;
  readonly source: string;
  readonly reason: string;
  readonly bytes: number;
  /** The first 200 characters, as text. */
  readonly preview: string;
}

export interface QuarantineBody {
  readonly item: QuarantineItem;
  readonly body: Uint8Array;
  /** 0-based place in its push, or -1 when the whole body is here. */
  readonly itemIndex: number;
  readonly pathType?: MessageType;
}

/** What is not named chooses nothing. */
export interface QuarantineFilter {
  readonly reason?: string;
  readonly source?: string;
  /** Received at this instant or later. */
  readonly from?: number;
  /** Received before this instant. */
  readonly to?: number;
}

/** Items of one source with one reason. */
export interface QuarantineKind {
  readonly source: string;
  readonly reason: string;
  readonly count: number;
  readonly bytes: number;
}

export interface QuarantineReader {
  /** Newest first. */
  list(
    query: QuarantineFilter & { limit: number; after?: string },
  ): Promise<{ items: QuarantineItem[]; next?: string }>;
  /** How many of each kind, the most first. */
  kinds(filter: QuarantineFilter): Promise<QuarantineKind[]>;
  get(id: string): Promise<QuarantineBody | undefined>;
  /** Without what came with demo data. */
  count(): Promise<number>;
}

export interface QuarantineWriter {
  /** Atomic: the messages go into the journal and the item leaves quarantine for good. Undefined: no such item. */
  resolve(id: string, messages: readonly NewMessage[]): Promise<AppendResult | undefined>;
  /** Final. False: no such item. */
  discard(id: string): Promise<boolean>;
  /** Final. The oldest first, no more than `limit`. */
  discardChosen(filter: QuarantineFilter, limit: number): Promise<{ count: number; bytes: number }>;
  /** Of items that are gone, and of pushes received before this instant, forgets even that: at most `limit`. Returns how many. */
  forget(receivedBefore: number, limit: number): Promise<number>;
}
