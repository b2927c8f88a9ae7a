import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { rootDir } from './run-command.mjs';

/**
 * What a vitest run came to, as JSON in the file that EARSHOT_TEST_REPORT names: how many tests passed and were
 * skipped, which failed, and how long each file took. What belongs to no test (a file that does not load, an error that
 * nobody caught) is a failure too, so that a run that went wrong never says `0 failed`.
 *
 * @typedef {{ passed: number, skipped: number, failures: { file?: string, test: string }[],
 *   files: { file: string, ms: number }[] }} RunReport
 */
export default class TestReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, skipped: 0, failures: [], files: [] };
    for (const module of modules) {
      const file = relative(rootDir, module.moduleId);
      const { duration, collectDuration, setupDuration } = module.diagnostic();
      report.files.push({ file, ms: Math.round(duration + collectDuration + setupDuration) });
      const failedBefore = report.failures.length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') report.passed++;
        else if (state === 'failed') report.failures.push({ file, test: test.fullName });
        else report.skipped++;
      }
      // Its hooks or its imports.
      if (module.state() === 'failed' && report.failures.length === failedBefore) {
        report.failures.push({ file, test: 'the file itself' });
      }
    }
    for (const { message, VITEST_TEST_PATH: path } of unhandledErrors) {
      report.failures.push({ ...(path && { file: relative(rootDir, path) }), test: `uncaught: ${message}` });
    }
    writeFileSync(process.env.EARSHOT_TEST_REPORT, JSON.stringify(report));
  }
}
