/** Where years of messages are too many: what is older than some months can be let go of, a month at a time. */
export interface Retention {
  /**
   * Drops the journal's entries and the attempts of all months before that of `at` that nobody needs any more: not the
   * projector, not an endpoint's cursor or a delivery of its that is open. Identities stay, so that a message of a
   * dropped month that comes again is a duplicate as before. Returns how many months of how many tables went.
   */
  dropMonthsBefore(at: number): Promise<number>;
}
