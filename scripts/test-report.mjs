import { readFileSync } from 'node:fs';

/**
 * Counts of a vitest run, from the JSON report it wrote. A file that could not be loaded, and a run that
 * failed without a failed test (an unhandled rejection), count as one failure each: a run that went wrong
 * never says `0 failed`.
 *
 * @param {string} file the report; when it is missing or unreadable, the run itself is the one failure.
 * @param {number} exitCode of vitest.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function readTestReport(file, exitCode) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const passed = report.numPassedTests ?? 0;
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  const brokenFiles = (report.testResults ?? []).filter(
    ({ status, assertionResults = [] }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = (report.numFailedTests ?? 0) + brokenFiles;
  return { passed, skipped, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** `123 passed, 0 failed`, with `, 2 skipped` only where there are some. */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
