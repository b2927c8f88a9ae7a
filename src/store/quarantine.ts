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

export interface QuarantineReader {
  /** Newest first. */
  list(query: { limit: number; after?: string }): Promise<{ items: QuarantineItem[]; next?: string }>;
  get(id: string): Promise<QuarantineBody | undefined>;
  count(): Promise<number>;
}

export interface QuarantineWriter {
  /** Atomic: the messages go into the journal and the item leaves quarantine for good. Undefined: no such item. */
  resolve(id: string, messages: readonly NewMessage[]): Promise<AppendResult | undefined>;
  /** Final. False: no such item. */
  discard(id: string): Promise<boolean>;
}
