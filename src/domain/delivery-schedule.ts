import type { Random } from './clock.js';
import type { EndpointSettings } from './endpoint.js';

/**
 * When a delivery that failed is tried again: by the endpoint's own list (specification, "Retry mechanism": after
 * 1, 5 and 10 minutes), each wait counted from the failure before it. Beyond the list nothing is tried any more.
 */
export interface DeliveryRetry {
  /** Attempts that failed and count, the one that just did included: 1 after the first. */
  readonly failures: number;
  readonly now: number;
  readonly settings: Pick<EndpointSettings, 'retrySchedule' | 'jitter' | 'retryAfter'>;
  /** What the receiver asked for (`Retry-After`), in ms. */
  readonly retryAfterMs?: number;
}

/** A receiver may ask for patience, not for a week of it. */
const longestRetryAfterMs = 24 * 60 * 60 * 1000;

/** The instant of the next attempt; undefined when the schedule is exhausted. */
export function nextDeliveryAttemptAt(
  { failures, now, settings, retryAfterMs = 0 }: DeliveryRetry,
  random: Random,
): number | undefined {
  const seconds = settings.retrySchedule[failures - 1];
  if (seconds === undefined) return undefined;
  const ownWaitMs = seconds * 1000 * (1 + settings.jitter * random());
  const askedMs = settings.retryAfter ? Math.min(retryAfterMs, longestRetryAfterMs) : 0;
  return Math.ceil(now + Math.max(ownWaitMs, askedMs));
}
