import type { NewMessage } from '../journal.js';
import type { ClaimedDownload, ClaimRequest } from '../recordings.js';
import type { NewEvent } from '../rows/recording-events.js';
import type { Columns, Row } from '../rows/row.js';
import type { Work } from './work.js';

/** What the back ends cannot say in the same words, or would plan badly in the same words. */
export interface SqlDialect extends JournalDialect, RecordingsDialect, DeliveriesDialect {
  /** Condition on `calls`, of the one call whose callId is this parameter. */
  readonly ofCallId: (parameter: string) => string;
  /** Behind a SELECT: the rows stay as they are until the transaction ends. */
  readonly held: string;
  /** Behind a SELECT: the rows are ours to change until the transaction ends. */
  readonly claimed: string;
  /** The same without those that another holds. */
  readonly claimedIfFree: string;
  /** Condition that a column is one of the numbers that the parameter lists, as `toList` makes it. */
  readonly isOneOf: (column: string, parameter: string) => string;
  readonly toList: (numbers: readonly number[]) => string;
  /** Behind a table: this index and no other. */
  readonly byIndex: (index: string) => string;
  /** How a stretch of an index is read: a piece of it and no more, whatever the planner knows of the table. */
  readonly ofIndex: (piece: IndexPiece) => IndexReading;
}

/** What lies between two numbers in an index that begins with some columns and goes on with `column`. */
export interface IndexPiece {
  /** Columns in the order of the index, each with the parameter that it equals. */
  readonly equal: readonly (readonly [column: string, parameter: string])[];
  readonly column: string;
  /** Exclusive parameters; all numbers above 0 where they are absent. */
  readonly above?: string;
  readonly below?: string;
}

export interface IndexReading {
  readonly where: string;
  /** Behind ORDER BY. */
  readonly ascending: string;
  readonly descending: string;
}

interface JournalDialect {
  /** seq, type, source and call_id of the journal's entries after this seq, in order, so many. */
  readonly entriesBeyond: (after: string, limit: string) => string;
  /** seq, type and source of every entry of the call whose callId is this parameter. */
  readonly entriesOfCall: (parameter: string) => string;
  /** Of the journal's last entry, as `seq`; null or 0 where there is none. */
  readonly lastSeq: string;
  /** Of the first entry received at `$1` or later, or of the next there will be, as `seq`. */
  readonly seqAt: string;
  /** Statements that take the entry with seq `$1`, of the call `$2`, out of the journal. */
  readonly deleteEntry: readonly string[];
  /** Those that the journal does not have. The operation names their instants (`dated`). */
  readonly appendMessages: (
    messages: readonly NewMessage[],
  ) => Work<{ readonly appended: number; readonly duplicates: number }>;
  readonly appendEvents: (events: readonly NewEvent[]) => Work<void>;
}

interface RecordingsDialect {
  readonly claimDownloads: (request: ClaimRequest) => Work<ClaimedDownload[]>;
  /** The column of `recordings` that counts attempts, where there is one. */
  readonly attemptCount: Columns;
}

interface DeliveriesDialect {
  /** What an acquired endpoint's generation becomes; the parameter is now. */
  readonly nextGeneration: (now: string) => string;
  /** Adds deliveries in this order and returns their ids. `place` is null where it is the id. */
  readonly addDeliveries: (rows: readonly Row[]) => Work<number[]>;
  /** Deliveries that were halved into others: those that the parameter lists, what they are halves of, all the way up, and all halves of these. */
  readonly familiesOf: (parameter: string) => string;
  /** Columns that attempts have besides, by the month, and their values for one made at this instant. */
  readonly monthColumns: Columns;
  readonly toMonthColumns: (at: number) => Row;
  /** Condition on attempts: made within the months of these instants, or later than the first. */
  readonly withinMonths: (firstAt: number, lastAt?: number) => string;
  /** Sets `replayed_as` of deliveries, and of the dead ones among the parts that they were halved into. */
  readonly markReplayed: (replayed: readonly { readonly id: number; readonly as: number }[]) => Work<void>;
  /** Dead deliveries that wait for somebody, of one endpoint or all that are not removed, newest first. */
  readonly newestWaiting: (query: WaitingQuery) => Work<Row[]>;
  /** Deliveries, of one endpoint or all that are not removed, that hold an entry, newest first. */
  readonly newestWithSeq: (query: WithSeqQuery) => Work<Row[]>;
  /** `seqs` of deliveries of endpoint `$1` noted in stretch `$2` that overlap from `$4` to `$3`, and are neither dead nor halved. */
  readonly coveringSeqs: string;
}

interface WaitingQuery {
  readonly columns: string;
  /** 0: of all. */
  readonly endpoint: number | undefined;
  readonly before: number;
  readonly limit: number;
}

interface WithSeqQuery {
  readonly endpoint: number | undefined;
  readonly seq: number;
  /** Number of a state. */
  readonly state: number | undefined;
  readonly before: number;
  readonly limit: number;
}
