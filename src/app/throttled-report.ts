import type { Clock } from '../domain/clock.js';

/** Between two reports of the same trouble: a full disk refuses thousands of groups a second, and the log may lie on it. */
const usualMs = 1_000;

/** Reports the first failure at once and those that follow together, once in `everyMs` at most. */
export function createThrottledReport(
  report: (error: unknown, times: number) => void,
  clock: Clock,
  everyMs = usualMs,
): (error: unknown) => void {
  let reportedAt = -Infinity;
  let unreported = 0;
  return (error) => {
    unreported++;
    if (clock() - reportedAt < everyMs) return;
    reportedAt = clock();
    report(error, unreported);
    unreported = 0;
  };
}
