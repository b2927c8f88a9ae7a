import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
const { formatCounts, readTestReport } = (await import(
  new URL('../../scripts/test-report.mjs', import.meta.url).href
)) as {
  readTestReport(file: string, exitCode: number): Counts;
  formatCounts(counts: Counts): string;
};

describe('the closing line of npm test', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'earshot-report-'))));
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  function lineFor(report: unknown, exitCode: number): string {
    const file = join(dir, 'vitest.json');
    writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report));
    return formatCounts(readTestReport(file, exitCode));
  }

  it('tells passed and failed, and skipped only where there are some', () => {
    const report = { numPassedTests: 12, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    expect(lineFor(report, 0)).toBe('12 passed, 0 failed');
    expect(lineFor({ ...report, numPendingTests: 2, numTodoTests: 1 }, 0)).toBe(
      '12 passed, 0 failed, 3 skipped',
    );
  });

  it('counts a test file that could not be loaded as a failure', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(lineFor({ numPassedTests: 1, numFailedTests: 1, testResults }, 1)).toBe('1 passed, 2 failed');
  });

  it('never says that nothing failed when the run went wrong', () => {
    expect(lineFor({ numPassedTests: 5, numFailedTests: 0, testResults: [] }, 1)).toBe('5 passed, 1 failed');
    expect(lineFor('{"numPassed', 1)).toBe('0 passed, 1 failed');
    expect(formatCounts(readTestReport(join(dir, 'absent.json'), 0))).toBe('0 passed, 1 failed');
  });
});
