/** Leases last for seconds: one that is to end in more than a day was written by a clock that was wrong, and holds nobody's work. */
const longestLeaseMs = 24 * 3_600_000;

/** Whether what `leased_until` tells of is free at the instant `now`, a parameter. */
export function isFreeSql(now: string): string {
  return `(leased_until IS NULL OR leased_until <= ${now} OR leased_until - ${longestLeaseMs} > ${now})`;
}
