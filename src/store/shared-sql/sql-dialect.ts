/** What the back ends cannot say in the same words. */
export interface SqlDialect {
  /** Condition on `calls`, of the one call whose callId is this parameter. */
  readonly ofCallId: (parameter: string) => string;
  /** Behind a SELECT: the rows stay as they are until the transaction ends. */
  readonly held: string;
}
