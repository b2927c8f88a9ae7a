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
