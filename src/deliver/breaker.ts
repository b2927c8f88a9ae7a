import type { EndpointHealth, EndpointSettings } from '../domain/endpoint.js';

/**
 * Keeps an endpoint that is away from being asked by every delivery in turn.
 *
 *              three failures in a row
 *   closed ──────────────────────────────▶ open ──probeAt──▶ one probe ──▶ failed: open, a longer wait
 *      ▲                                     │                   │
 *      └───────── any delivery answered ─────┴───────────────────┘
 *
 * While it is open, no delivery is begun and nothing is cut from the journal: an endpoint that stays away for a year
 * costs its open deliveries and no more. Deliveries whose schedule has begun go on by it, because the schedule is a
 * promise. The first in order whose schedule has not begun is the probe, once `probeAt` has come, one at a time. A
 * probe that found nobody at all does not count in its schedule: otherwise an outage of an hour would kill message
 * after message by asking whether it is over. A probe that got an answer, or none after connecting, counts: there is
 * somebody, who had the message in hands.
 *
 * What counts as a failure is a receiver that is away or broken. One that refuses what is in a push, or who pushes
 * (the 400 class), is there and answers: that opens no breaker, and closes an open one.
 *
 * `failuresInARow` counts attempts up to the opening and probes from then on, so that many pushes that were under
 * way when an endpoint went away do not lengthen the wait for its return.
 */
export type AttemptNews = 'success' | 'answered' | 'failed';

const failuresToOpen = 3;
/** Where the endpoint has no schedule: a minute, growing to ten. */
const bareWaitSeconds = { first: 60, longest: 600 };
/** A schedule of zeros must not become a loop. */
const shortestProbeWaitMs = 100;

export function isOpen({ probeAt }: EndpointHealth): boolean {
  return probeAt !== undefined;
}

/** The endpoint's health after an attempt. `isProbe`: begun while the breaker was open, by a delivery that had not begun. */
export function afterAttempt(
  health: EndpointHealth,
  attempt: { readonly news: AttemptNews; readonly isProbe: boolean },
  now: number,
  { retrySchedule }: Pick<EndpointSettings, 'retrySchedule'>,
): EndpointHealth {
  if (attempt.news !== 'failed') return { failuresInARow: 0 };
  if (health.probeAt === undefined || attempt.isProbe) {
    const failuresInARow = health.failuresInARow + 1;
    if (failuresInARow < failuresToOpen) return { failuresInARow };
    return { failuresInARow, probeAt: now + probeWaitMs(failuresInARow, retrySchedule) };
  }
  // A retry has just asked: the next probe need not ask at once.
  const { failuresInARow, probeAt } = health;
  return { failuresInARow, probeAt: Math.max(probeAt, now + probeWaitMs(failuresInARow, retrySchedule)) };
}

/** The first wait of the schedule, doubled with each probe, up to the longest wait of the schedule. */
function probeWaitMs(failuresInARow: number, retrySchedule: readonly number[]): number {
  const first = retrySchedule[0] ?? bareWaitSeconds.first;
  const longest = retrySchedule.length === 0 ? bareWaitSeconds.longest : Math.max(...retrySchedule);
  const doublings = Math.max(0, failuresInARow - failuresToOpen);
  return Math.max(shortestProbeWaitMs, Math.min(first * 2 ** doublings, longest) * 1000);
}
