// `npm test`: sets up what is missing, checks the sources, runs every test, and ends with one line of
// counts. With arguments (`npm test -- src/protocol`) they go to vitest, and only it runs.

import './node-version.mjs';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir, runCommand, tool } from './run-command.mjs';
import { build, installDependencies, main } from './set-up.mjs';
import { runSteps, staticSteps } from './steps.mjs';
import { prepareTestMachine } from './test-machine.mjs';
import { formatCounts, readTestReport } from './test-report.mjs';

const vitestArgs = process.argv.slice(2);
const resultsDir = join(rootDir, '.test-results');
const reportFile = join(resultsDir, 'vitest.json');

await main(async () => {
  await installDependencies();
  await prepareTestMachine();
  await build('product', { unchecked: true });
  // Every check is told, and the tests run after a failed one too: one run says all there is to mend.
  const failedChecks =
    vitestArgs.length === 0 ? await runSteps(staticSteps({ all: true }), { keepGoing: true }) : [];

  mkdirSync(resultsDir, { recursive: true });
  rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const { code } = await runCommand(tool('vitest/vitest.mjs', 'run', ...reporters, ...vitestArgs), {
    show: true,
  });
  const counts = readTestReport(reportFile, code);

  if (failedChecks.length > 0) {
    process.stdout.write(`Checks that failed, counted below: ${failedChecks.join(', ')}.\n`);
    counts.failed += failedChecks.length;
  }
  if (counts.passed === 0) process.stdout.write('No test has passed: that counts as a failure.\n');
  const summary = `${formatCounts(counts)}\n`;
  writeFileSync(join(resultsDir, 'summary.txt'), summary);
  process.stdout.write(summary);
  process.exitCode = code === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
