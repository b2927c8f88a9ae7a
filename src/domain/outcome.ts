/**
 * What came of one try with the outside world. The world saying no is a value, never an exception:
 * `ok` (done), `retry` (may go better later), `refuse` (no use to try again as it is),
 * `aborted` (we stopped it ourselves; it does not count as a try).
 */
export const outcomes = ['ok', 'retry', 'refuse', 'aborted'] as const;
export type Outcome = (typeof outcomes)[number];
