/**
 * What came of one try with the outside world. The world saying no is a value, never an exception:
 * `ok` (done), `retry` (may go better later), `refuse` (no use to try again as it is),
 * `aborted` (we stopped it ourselves; it does not count as a try).
 */
export const outcomes = ['ok', 'retry', 'refuse', 'aborted'] as const;
export type Outcome = (typeof outcomes)[number];

/** `Retry-After` in ms: seconds, or a date; undefined where it is neither, or lies in the past. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return waitMs > 0 ? waitMs : undefined;
}
