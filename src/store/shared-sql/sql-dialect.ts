/** What the back ends cannot say in the same words. */
export interface SqlDialect {
  /** Condition on `calls`, of the one call whose callId is this parameter. */
  readonly ofCallId: (parameter: string) => string;
  /** Behind a SELECT: the rows stay as they are until the transaction ends. */
  readonly held: string;
  /** Behind a SELECT: the rows are ours to change until the transaction ends. */
  readonly claimed: string;
  /** seq, type, source and call_id of the journal's entries after this seq, in order, so many. */
  readonly entriesBeyond: (after: string, limit: string) => string;
  /** seq, type and source of every entry of the call whose callId is this parameter. */
  readonly entriesOfCall: (parameter: string) => string;
  /** Of the journal's last entry, as `seq`. */
  readonly lastSeq: string;
  /** Statements that take the entry with seq `$1`, of the call `$2`, out of the journal. */
  readonly deleteEntry: readonly string[];
}
