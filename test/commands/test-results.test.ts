import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Failure {
  file?: string;
  test: string;
}
interface RunReport {
  passed: number;
  skipped: number;
  failures: Failure[];
  files: { file: string; ms: number }[];
}
const root = fileURLToPath(new URL('../../', import.meta.url));
const { formatCounts, giveSecondChance, readRunReport } = (await import(
  join(root, 'scripts/test-results.mjs')
)) as {
  readRunReport(file: string, exitCode: number): RunReport;
  giveSecondChance(
    failures: Failure[],
    run: (file: string) => Promise<RunReport>,
  ): Promise<{ failures: Failure[]; flaky: Failure[] }>;
  formatCounts(counts: { passed: number; failed: number; skipped: number }): string;
};

describe('what npm test says of a run', () => {
  let reportFile = '';
  beforeEach(() => (reportFile = join(mkdtempSync(join(tmpdir(), 'earshot-report-')), 'report.json')));
  afterEach(() => rmSync(join(reportFile, '..'), { recursive: true }));

  /** vitest itself, over files that the real runs do not include. */
  function runVitest(): Promise<number> {
    const include = ['--root', root, '--config', 'test/commands/reported/vitest.config.ts'];
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...include];
    return new Promise((resolve) => {
      const env = { ...process.env, EARSHOT_TEST_REPORT: reportFile };
      const child = execFile(process.execPath, args, { cwd: root, env }, () => resolve(child.exitCode ?? -1));
    });
  }

  it('names every failure: of a test, of a file that does not load, and what nobody caught', async () => {
    const report = readRunReport(reportFile, await runVitest());
    expect(report).toMatchObject({ passed: 3, skipped: 1 });
    const reported = 'test/commands/reported';
    expect(report.failures.sort((a, b) => (a.file ?? '').localeCompare(b.file ?? ''))).toEqual([
      { file: `${reported}/does-not-load.ts`, test: 'the file itself' },
      { file: `${reported}/fails.ts`, test: 'a part > fails' },
      { file: `${reported}/leaves-a-rejection.ts`, test: 'uncaught: nobody caught this' },
    ]);
    expect(report.files).toHaveLength(4);
  });

  it('never is that nothing failed when the run went wrong', () => {
    const failuresOf = (exitCode: number) => readRunReport(reportFile, exitCode).failures;
    expect(failuresOf(1)).toEqual([{ test: 'vitest ended with exit code 1' }]);
    writeFileSync(reportFile, '{"passed');
    expect(failuresOf(0)).toHaveLength(1);
    writeFileSync(reportFile, JSON.stringify({ passed: 5, skipped: 0, failures: [], files: [] }));
    expect(failuresOf(0)).toEqual([]);
    expect(failuresOf(1)).toHaveLength(1);
  });

  it('names as flaky what passes at a second try by itself, and as failed what does not', async () => {
    const failures = [
      { file: 'a.test.ts', test: 'rarely' },
      { file: 'a.test.ts', test: 'always' },
      { file: 'b.test.ts', test: 'the file itself' },
      { test: 'vitest ended with exit code 1' },
    ];
    const runs: string[] = [];
    const told = await giveSecondChance(failures, async (file) => {
      runs.push(file);
      const again =
        file === 'a.test.ts'
          ? [
              { file, test: 'always' },
              { file, test: 'another' },
            ]
          : [];
      return { passed: 1, skipped: 0, failures: again, files: [] };
    });
    expect(runs).toEqual(['a.test.ts', 'b.test.ts']);
    expect(told.flaky).toEqual([failures[0], failures[2]]);
    expect(told.failures).toEqual([failures[3], failures[1], { file: 'a.test.ts', test: 'another' }]);
  });

  it('ends with counts, and tells of skipped tests only where there are some', () => {
    expect(formatCounts({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(formatCounts({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});
