import type { MessageType } from '../protocol/message.js';

/** What becomes of a recording. */
export const recordingEventTypes = ['recording.archived', 'recording.lost'] as const;
/**
 * `source.erased`: what had come from a source was taken out, of this journal, too. It is of no call.
 * `recording.described`: archived bytes are told anew, as a later version understands them.
 */
export const eventTypes = [...recordingEventTypes, 'source.erased', 'recording.described'] as const;
export type EventType = (typeof eventTypes)[number];
export type EntryType = MessageType | EventType;

export interface NewMessage {
  readonly type: MessageType;
  readonly callId: string;
  /** Digest of the canonical content; with type and callId it is the message's identity. 16 bytes. */
  readonly digest: Uint8Array;
  /** The JSON text of the element exactly as received. */
  readonly text: string;
  readonly receivedAt: number;
  readonly source: string;
}

export interface NewQuarantineItem {
  /** The push it came in, and its place there: 0-based index of the item, or -1 for the whole body. */
  readonly pushId: number;
  readonly itemIndex: number;
  readonly receivedAt: number;
  readonly source: string;
  readonly pathType?: MessageType;
  readonly reason: string;
  readonly body: Uint8Array;
}

export interface SortedBatch {
  readonly messages: readonly NewMessage[];
  readonly quarantined: readonly NewQuarantineItem[];
  /** Every push with an id up to this is sorted once the batch is in. Absent when kept pushes are read again. */
  readonly sortedUpTo?: number;
}

export interface AppendResult {
  readonly appended: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** One line of the journal. `text` is the element as received, or the JSON of our own event. */
export interface Entry {
  readonly seq: number;
  readonly type: EntryType;
  readonly callId: string;
  readonly receivedAt: number;
  readonly source: string;
  readonly text: string;
}

export interface JournalWriter {
  /** Atomic: messages (duplicates left out), quarantine items and the sorter's cursor, durable together. */
  append(batch: SortedBatch): Promise<AppendResult>;
  /** Appends `source.erased`. Before an erasure: whatever goes, the journal's last number is not given again. */
  noteErasure(source: string, now: number): Promise<void>;
}

export interface JournalReader {
  /**
   * Entries with seq > `after`, ascending, complete: what is there now will not grow in the middle later. At most
   * `limit`, and no more once their texts take `maxBytes` (but at least one).
   */
  read(after: number, limit: number, types?: readonly EntryType[], maxBytes?: number): Promise<Entry[]>;
  /** Every entry of one call, ascending: messages only unless `withEvents`. */
  ofCall(callId: string, withEvents?: boolean): Promise<Entry[]>;
  /** The entries with these numbers, in this order; those that do not exist are left out. */
  bySeqs(seqs: readonly number[]): Promise<Entry[]>;
  /** The first seq received at `at` or later; one beyond the last where there is none. Receipt grows with seq, but for what was sorted late. */
  seqAt(at: number): Promise<number>;
  /** Receipt of the first entry with seq > `after`; undefined where there is none. */
  receivedAfter(after: number): Promise<number | undefined>;
  /** 0 while the journal is empty. */
  lastSeq(): Promise<number>;
  /** The durable cursors of the journal's and the inbox's consumers by name; absent names stand at 0. */
  cursors(): Promise<{ sorter: number; projector: number }>;
}
