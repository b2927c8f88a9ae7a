import type { SourceLimit } from '../domain/source-limit.js';

/** The source that always is; what is kept of it in the store, once it was rotated, is under this id, too. */
export const defaultSource = 'default';

/** A configured place that pushes come from. The default one (`default`) is here once its token was rotated. */
export interface Source {
  readonly id: string;
  /** What its messages are marked with; unique, and never changed. */
  readonly name: string;
  /** A secret: whoever has it may push. */
  readonly token: string;
  /** Valid, too, until then. */
  readonly previousToken?: string;
  readonly previousUntil?: number;
  readonly createdAt: number;
}

/**
 * An instant of a push that lies further ahead than this is the mistake of a clock, not of another machine's that is a
 * little ahead.
 */
export const believedAheadMs = 60_000;

export interface SourceCounts {
  /** Of the source, `default` among them. */
  readonly name: string;
  readonly pushes: number;
  readonly lastPushAt: number;
}

export interface Sources {
  /** Oldest first. */
  list(): Promise<Source[]>;
  create(source: {
    id: string;
    name: string;
    token: string;
    now: number;
  }): Promise<Source | 'name-taken' | 'token-taken'>;
  /** The token there was holds until `previousUntil`. Atomic. */
  rotate(id: string, token: string, previousUntil: number): Promise<Source | undefined>;
  remove(id: string): Promise<boolean>;
  /** Adds to what was counted. The last push is the latest, unless what was known of it lies far in the future. */
  count(counts: readonly SourceCounts[]): Promise<void>;
  counts(): Promise<SourceCounts[]>;
}

/** Of the source, `default` among them. */
export interface LimitedSource extends SourceLimit {
  readonly name: string;
}

export interface SourceDay {
  readonly name: string;
  /** When the day began, in ms. */
  readonly day: number;
  /** Of the pushes that were taken. */
  readonly pushBytes: number;
  /** For the limit. */
  readonly refusedPushes: number;
  /** That downloads have brought, whatever came of them. */
  readonly recordingBytes: number;
}

/** What sources may do in one day, and what they have done. A limit stays with the name, as the marks of messages do. */
export interface SourceLimits {
  list(): Promise<LimitedSource[]>;
  /** All of it: what is absent is no more. */
  set(source: LimitedSource): Promise<void>;
  /** Adds to what was counted of that day. A later one begins anew, and so does one after a day that has not come yet. */
  count(days: readonly SourceDay[]): Promise<void>;
  /** The last day of each source. */
  days(): Promise<SourceDay[]>;
}

/**
 * `shared`: another source told of the call as well; it stays as it is. `busy`: a download holds one of its recordings,
 * or the journal's last entry is its: that number must not be given again (JournalWriter.noteErasure). `unknown`: there
 * is nothing of it.
 */
export type ErasureAnswer = 'erased' | 'shared' | 'busy' | 'unknown';

/** One stretch of what was looked at. */
export interface ErasureStretch {
  readonly callIds: readonly string[];
  /** Where to go on; absent at the end. */
  readonly next?: number;
}

/**
 * Takes everything out of the store that came from one source, a call at a time. The recordings' files are to be
 * removed before: what is erased here is told by nobody any more. Pushes are the inbox's (InboxWriter.discardOf).
 */
export interface SourceErasure {
  /** Calls that the source told of, in the next `limit` entries of the journal after this seq. */
  find(source: string, after: number, limit: number): Promise<ErasureStretch>;
  /** Atomic: its messages, our events of it, recordings, attempts, waveforms, comments and tags; counts stay exact. */
  eraseCall(callId: string, source: string, now: number): Promise<ErasureAnswer>;
  /** Items in quarantine, resolved ones among them, of the next `limit` after this number. Returns where to go on, if anywhere. */
  eraseQuarantined(source: string, after: number, limit: number): Promise<number | undefined>;
  /** What was counted of it. */
  eraseCounts(source: string): Promise<void>;
}
