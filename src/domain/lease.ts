/** A dead process's work is another's after this, unless a setting says otherwise. Shorter, and a busy machine loses leases. */
export const defaultLeaseMs = 10_000;

/** A process that was silent for so long is gone. A little longer than a lease: its work is free by then. */
export const processGoneAfterMs = 15_000;

/** How long a claim lasts, and how often who holds it renews it. */
export interface LeaseTimes {
  readonly leaseMs: number;
  readonly renewMs: number;
}

/** Three renewals fit into a lease, so that one that comes late costs nothing. */
export function toLeaseTimes(leaseMs: number): LeaseTimes {
  return { leaseMs, renewMs: 0.3 * leaseMs };
}
