import { expect, it } from 'vitest';
import { createThrottledReport } from './throttled-report.js';

it('reports the first failure at once, and those of the next second together', () => {
  let now = 0;
  const reports: [unknown, number][] = [];
  const report = createThrottledReport(
    (error, times) => reports.push([error, times]),
    () => now,
  );
  report('first');
  for (now = 1; now < 1_000; now += 100) report('again');
  expect(reports).toEqual([['first', 1]]);
  now = 1_000;
  report('still');
  expect(reports).toEqual([
    ['first', 1],
    ['still', 11],
  ]);
});
