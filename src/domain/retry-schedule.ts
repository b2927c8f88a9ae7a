import type { Random } from './clock.js';

/**
 * When a download that failed is tried again.
 *
 * A link lives about a week, so waits grow from seconds to half an hour: long enough to be no burden on a storage
 * that is down for a day, short enough that an outage's end is noticed at once in comparison with a week. What
 * matters most is the end of the link's life, because there is no second chance after it. Hence one rule on top: no
 * wait takes more than half of the time that is left. Near the deadline the tries therefore draw closer together
 * (…, 8, 4, 2, 1 s), there is always one within the last two seconds, and the same formula serves a link that lives
 * a week and one that lives a minute.
 */
export interface RetryRequest {
  /** Attempts that ended, the one that just failed included: 1 after the first. */
  readonly attempts: number;
  readonly now: number;
  readonly deadlineAt: number;
  /** What the storage asked for (`Retry-After`), in ms. */
  readonly retryAfterMs?: number;
  /** `slow` for what mends itself seldom, if ever: a signature refused, an object that is too large. */
  readonly pace?: 'quick' | 'slow';
}

const shortestWaitMs = 1_000;
const firstWaitMs = { quick: 2_000, slow: 60_000 };
const longestWaitMs = 30 * 60_000;
/** No storage is left alone for longer, whatever it asks for: what it says may be a mistake, too. */
const longestAskedMs = 6 * 3_600_000;
/** What seems to wait longer than this was put off by a clock that was wrong: it is due. */
export const longestDelayMs = longestAskedMs + 3_600_000;
/** Kept free before the deadline when the storage asks for a longer wait than that: it is the last try's. */
const lastTryMarginMs = 30_000;

/** The instant of the next attempt, strictly before the deadline; undefined when too little time is left for one. */
export function nextAttemptAt(request: RetryRequest, random: Random): number | undefined {
  const { now, deadlineAt, attempts } = request;
  const leftMs = deadlineAt - now;
  if (leftMs <= shortestWaitMs) return undefined;

  const grownMs = Math.min(
    longestWaitMs,
    firstWaitMs[request.pace ?? 'quick'] * 2 ** Math.max(0, attempts - 1),
  );
  // Between 0.75 and 1.25 of the wait, so that what failed together does not come back together.
  const jitteredMs = grownMs * (0.75 + random() / 2);
  const ownWaitMs = Math.min(jitteredMs, leftMs / 2);

  const latestMs = leftMs - Math.min(lastTryMarginMs, leftMs / 2);
  const askedMs = Math.min(request.retryAfterMs ?? 0, latestMs, longestAskedMs);
  return Math.floor(now + Math.max(shortestWaitMs, ownWaitMs, askedMs));
}

export interface LateRequest {
  /** Attempts that began when the deadline had passed, the one that just failed included. */
  readonly lateAttempts: number;
  readonly now: number;
  readonly retryAfterMs?: number;
}

/** 2, 4, 8, … 1,024 s and two times half an hour. */
const maxLateAttempts = 12;

/**
 * When a recording whose deadline has passed is tried again, because its storage was away, or says that it is earlier
 * there; undefined when it was tried often enough. Tries are counted, because the clock that says how much time has
 * passed may be what is wrong: about an hour goes by in any case before the last.
 */
export function lateAttemptAt(
  { lateAttempts, now, retryAfterMs = 0 }: LateRequest,
  random: Random,
): number | undefined {
  if (lateAttempts >= maxLateAttempts) return undefined;
  const grownMs = Math.min(longestWaitMs, firstWaitMs.quick * 2 ** Math.max(0, lateAttempts - 1));
  return Math.floor(now + Math.max(grownMs * (0.75 + random() / 2), Math.min(retryAfterMs, longestWaitMs)));
}
