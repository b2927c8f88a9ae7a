/**
 * Roles for copying one store into another, whatever back ends they are: rows cross as they are kept, under the
 * column names that both share. Calls and recordings are built at the target by its own projection, from the journal;
 * what a recording has beyond that (its state, its link, the archiver's bookkeeping) comes as the section `recordings`.
 */

export type CopiedValue = number | string | Uint8Array | null;
export type CopiedRow = Readonly<Record<string, CopiedValue>>;

/** Rows that are copied by a number that only grows: `seq` of the journal and the audit log, `id` of the others. */
export const copiedSections = [
  'journal',
  'pushes',
  'quarantine',
  'attempts',
  'deliveries',
  'deliveryAttempts',
  'auditLog',
] as const;
export type CopiedSection = (typeof copiedSections)[number];

/** Sections of which a row that was copied may change afterwards. */
export type ChangingSection = 'quarantine' | 'deliveries' | 'recordings';

/** Tables that are so small that they are copied whole. */
export const smallTables = [
  'apiKeys',
  'linkKeys',
  'endpoints',
  'tallies',
  'replays',
  'accounts',
  'passkeys',
  'sessions',
  'sources',
  'sourceLimits',
  'sourceCounts',
  'savedViews',
  'comments',
  'acknowledgements',
  'callTags',
  'tagCounts',
  'jobs',
  'hourFigures',
] as const;
export type SmallTable = (typeof smallTables)[number];

/** Tables whose ids are never used twice. */
export const numberedTables = ['pushes', 'quarantine', 'endpoints', 'deliveries', 'replays'] as const;
export type NumberedTable = (typeof numberedTables)[number];

export interface SmallParts {
  readonly tables: Readonly<Record<SmallTable, readonly CopiedRow[]>>;
  /** Every push up to this id is sorted. */
  readonly sortedUpTo: number;
  /** The largest id that was ever given. */
  readonly lastIds: Readonly<Record<NumberedTable, number>>;
}

/**
 * Which ids: all of them; of rows that may still change; of deliveries that were replayed by one with an id beyond
 * `replayedSince`, or acknowledged.
 */
export type WhichIds = 'all' | 'open' | { readonly replayedSince: number };

/** Counts and sums by name, as decimal text: equal on both sides where a copy is complete. */
export type CopyCounts = Readonly<Record<string, string>>;

/** A store as a copy reads it, beside whoever works on it. */
export interface CopySource {
  /** Rows with a number > `after`, ascending, at most `limit`, and fewer where they are large. Empty: there are no more. */
  read(section: CopiedSection | 'recordings', after: number, limit: number): Promise<CopiedRow[]>;
  /** Those of the rows that exist. Leases are over: what was leased is due. */
  readAgain(section: ChangingSection, ids: readonly number[]): Promise<CopiedRow[]>;
  /** Ids > `after`, ascending. */
  ids(
    section: CopiedSection | 'recordings',
    which: WhichIds,
    after: number,
    limit: number,
  ): Promise<number[]>;
  readSmall(): Promise<SmallParts>;
  /** Reads every table: seconds where there are millions of rows. */
  counts(): Promise<CopyCounts>;
}

/** How far an earlier copy of the same source had come. */
export type CopyState = 'begun' | 'resumed' | 'finished';

/** A store that becomes the copy of another. Every method is atomic, and may be repeated. */
export interface CopyTarget {
  /** @throws AppError `move-refused` where the store holds anything but a copy of this source. */
  begin(sourceIdentity: string): Promise<CopyState>;
  /** The largest number of a section that is there, 0 where nothing is. */
  last(section: CopiedSection): Promise<number>;
  /** Rows as `read` gave them, ascending. Of `recordings`, those that the projection has not made yet are left out. */
  write(section: CopiedSection | 'recordings', rows: readonly CopiedRow[]): Promise<void>;
  /** Deletes rows with after < number ≤ upTo that are not in `ids`: the source has forgotten them. */
  prune(section: CopiedSection, after: number, upTo: number, ids: readonly number[]): Promise<void>;
  /** In the place of what there was; ids go on beyond the last one that the source has given. */
  replaceSmall(parts: SmallParts): Promise<void>;
  /** From now on it is a store like any other: until then no server starts on it. */
  finish(): Promise<void>;
}

/** What a store remembers of moves. */
export interface MoveMarks {
  /** Names this store and no other; made when it is asked for first. */
  identity(): Promise<string>;
  /** Where its data is now; undefined while it is here. */
  movedTo(): Promise<string | undefined>;
  setMovedTo(place: string | undefined): Promise<void>;
}
