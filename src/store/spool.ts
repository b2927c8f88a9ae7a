import type { InboxWriter } from './inbox.js';

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
