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
