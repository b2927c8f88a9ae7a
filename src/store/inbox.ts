import type { MessageType } from '../protocol/message.js';

/** One push as it came in; nothing in it has been looked at. */
export interface ReceivedPush {
  readonly receivedAt: number;
  readonly source: string;
  /** The type named by the push path, where one was. */
  readonly pathType?: MessageType;
  readonly remoteAddress: string;
  /** `Content-Encoding` as received. */
  readonly contentEncoding?: string;
  /** The charset that `Content-Type` names, where it is another than UTF-8. */
  readonly charset?: string;
  readonly body: Uint8Array;
  /** A UUID that names the push wherever it is kept on its way; appending it a second time changes nothing. */
  readonly key?: string;
}

/** A push in the inbox. Ids grow in the order of receipt and are never used twice, not even by a new inbox file. */
export interface StoredPush extends ReceivedPush {
  readonly id: number;
}

export interface SourceDiscard {
  readonly source: string;
  readonly after: number;
  readonly sortedUpTo: number;
  readonly limit: number;
}

export interface InboxWriter {
  /** Atomic; resolves once every push is durable (fsynced), in the order given. */
  append(pushes: readonly ReceivedPush[]): Promise<void>;
  /** Writes and fsyncs something small: rejects where a push could not be stored either. */
  probe(): Promise<void>;
  /** Deletes at most `limit` pushes with id ≤ `sortedUpTo` received before `receivedBefore`. Returns how many. */
  discard(request: { sortedUpTo: number; receivedBefore: number; limit: number }): Promise<number>;
  /** Deletes sorted pushes of one source, of the next `limit` after this id. Returns where to go on, if anywhere. */
  discardOf(request: SourceDiscard): Promise<number | undefined>;
}

/** Pushes of one source, or of all but some. */
export type SourceChoice = { readonly only: string } | { readonly without: readonly string[] };

export interface InboxReader {
  /** Pushes with id > `after` in order: at most `maxPushes`, and no more once `maxBytes` are reached (but at least one). */
  read(after: number, maxPushes: number, maxBytes: number, of?: SourceChoice): Promise<StoredPush[]>;
  /** How much is waiting behind `after`, and since when. */
  backlog(after: number): Promise<{ pending: number; oldestAt?: number }>;
}

/** Where pushes wait that the database cannot take: an inbox on this machine's own disk. */
export interface Spool extends Pick<InboxWriter, 'append' | 'probe'> {
  /** Deletes the pushes with `first` ≤ id ≤ `last`. Need not be durable: what comes back is drained once more. */
  remove(first: number, last: number): Promise<void>;
  usage(): Promise<SpoolUsage>;
}

export interface SpoolUsage {
  /** Pushes that wait; told from the first and last id, so it may be too many where some in between have left. */
  readonly pending: number;
  /** What they take of the disk. */
  readonly bytes: number;
  /** Receipt of the first of them. */
  readonly oldestAt?: number;
}

/** A spool refuses what would lead beyond these, as `full`. */
export interface SpoolBounds {
  readonly maxBytes: number;
  /** Of the file system that it lies on: others need some room, too, and so does deleting. */
  readonly minFreeBytes: number;
}
