import { existsSync, readFileSync } from 'node:fs';

/** @typedef {import('./test-reporter.mjs').RunReport} RunReport */
/** @typedef {RunReport['failures'][number]} Failure */

/**
 * Reads what a vitest run came to. A run that left no report, or failed without a failed test, counts as one failure.
 *
 * @param {string} file that test-reporter.mjs has written.
 * @param {number} exitCode of vitest.
 * @returns {RunReport}
 */
export function readRunReport(file, exitCode) {
  const report = { passed: 0, skipped: 0, failures: [], files: [] };
  if (existsSync(file)) {
    try {
      Object.assign(report, JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      report.failures.push({ test: `the report ${file} is not whole` });
    }
  }
  if (exitCode !== 0 && report.failures.length === 0) {
    report.failures.push({ test: `vitest ended with exit code ${exitCode}` });
  }
  return report;
}

/**
 * Runs each file that failed once more, by itself. What belongs to no file gets no second chance.
 *
 * @param {Failure[]} failures of the whole run.
 * @param {(file: string) => Promise<RunReport>} run one file.
 * @returns {Promise<{ failures: Failure[], flaky: Failure[] }>} what failed then, and what only passed then: a fault
 *   that is rarely seen, not none.
 */
export async function giveSecondChance(failures, run) {
  const failed = failures.filter(({ file }) => file === undefined);
  const flaky = [];
  for (const file of new Set(failures.flatMap(({ file }) => file ?? []))) {
    const again = await run(file);
    failed.push(...again.failures);
    const failsAgain = ({ test }) => again.failures.some((failure) => failure.test === test);
    flaky.push(...failures.filter((failure) => failure.file === file && !failsAgain(failure)));
  }
  return { failures: failed, flaky };
}

/** @param {Failure} failure */
export function nameOf({ file, test }) {
  return file === undefined ? test : `${file} > ${test}`;
}

/** `123 passed, 0 failed`, with `, 2 skipped` only where there are some. */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
