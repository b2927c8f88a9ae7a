/** What the back ends cannot say in the same words. */
export interface SqlDialect {
  /** `id` and `sort_at` of the call whose callId is `$1`; until the transaction ends they stay as they are. */
  readonly findCallSql: string;
}
