// `npm test`: sets up what is missing, checks the sources, runs every test that shows a promise, and ends with one line
// of counts. `npm run test:all` goes on to more rounds and more looks (docs/testing.md).
//
//   --no-install     installs no Debian packages; what needs a missing one is skipped or fails, and says so
//   --added          only what test:all adds
//   --second-chance  a file that failed is run once more by itself: for CI, where nobody watches
//
// Anything else goes to vitest, and only it runs: `npm test -- src/protocol`.

import './node-version.mjs';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { measurePatience } from './patience.mjs';
import { rootDir, runCommand, tool } from './run-command.mjs';
import { build, installDependencies, main, seconds } from './set-up.mjs';
import { runSteps, staticSteps } from './steps.mjs';
import { prepareTestMachine } from './test-machine.mjs';
import { formatCounts, giveSecondChance, nameOf, readRunReport } from './test-results.mjs';

const own = new Set(['--no-install', '--all', '--added', '--second-chance']);
const flags = new Set(process.argv.slice(2).filter((argument) => own.has(argument)));
const vitestArgs = process.argv.slice(2).filter((argument) => !own.has(argument));
const tiers = flags.has('--added') ? ['added'] : flags.has('--all') ? ['usual', 'added'] : ['usual'];

const resultsDir = join(rootDir, '.test-results');
const flakyFile = join(rootDir, 'test-output', 'flaky.txt');

await main(async () => {
  await installDependencies();
  await prepareTestMachine({ mayInstall: !flags.has('--no-install') });
  await build('product', { unchecked: true });
  mkdirSync(resultsDir, { recursive: true });

  const counts = { passed: 0, failed: 0, skipped: 0 };
  // Every check is told, and the tests run after a failed one too: one run says all there is to mend.
  const checks = tiers[0] === 'usual' && vitestArgs.length === 0 ? staticSteps : [];
  const failedChecks = await runSteps(checks, { keepGoing: true });
  counts.failed += failedChecks.length;

  for (const tier of tiers) {
    const report = await runVitest(tier, vitestArgs);
    tellSlowest(report.files);
    const { failures, flaky } = flags.has('--second-chance')
      ? await giveSecondChance(report.failures, (file) => {
          process.stdout.write(`\n${file} failed and is run once more by itself.\n`);
          return runVitest(tier, [file]);
        })
      : { failures: report.failures, flaky: [] };
    for (const failure of failures) process.stdout.write(`FAILED: ${nameOf(failure)}\n`);
    for (const failure of flaky) tellFlaky(failure);
    counts.passed += report.passed + flaky.length;
    counts.skipped += report.skipped;
    counts.failed += failures.length;
  }

  if (failedChecks.length > 0) process.stdout.write(`Checks that failed: ${failedChecks.join(', ')}.\n`);
  if (counts.passed === 0) process.stdout.write('No test has passed: that counts as a failure.\n');
  writeFileSync(join(resultsDir, `${tiers.at(-1)}-counts.json`), JSON.stringify(counts));
  process.stdout.write(`${formatCounts(counts)}\n`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});

/** @returns {Promise<import('./test-reporter.mjs').RunReport>} */
async function runVitest(tier, args) {
  const { patience, words } = measurePatience();
  process.stdout.write(`${words}\n`);
  const reportFile = join(resultsDir, `${tier}.json`);
  rmSync(reportFile, { force: true });
  const env = {
    ...process.env,
    EARSHOT_TEST_TIER: tier,
    EARSHOT_TEST_PATIENCE: String(patience),
    EARSHOT_TEST_REPORT: reportFile,
  };
  const reporters = ['--reporter=default', '--reporter=./scripts/test-reporter.mjs'];
  const command = tool('vitest/vitest.mjs', 'run', ...reporters, ...args);
  const { code } = await runCommand(command, { show: true, env });
  return readRunReport(reportFile, code);
}

function tellFlaky(failure) {
  const line = `flaky: ${nameOf(failure)}\n`;
  process.stdout.write(line);
  mkdirSync(dirname(flakyFile), { recursive: true });
  appendFileSync(flakyFile, line);
}

function tellSlowest(files) {
  const slowest = files.sort((a, b) => b.ms - a.ms).slice(0, 10);
  process.stdout.write('\nThe slowest files:\n');
  for (const { file, ms } of slowest) process.stdout.write(`${seconds(ms).padStart(8)}  ${file}\n`);
}
