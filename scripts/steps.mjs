import { cpus } from 'node:os';
import { compiler, runCommand, tool } from './run-command.mjs';
import { seconds } from './set-up.mjs';

function typesOf(project, name) {
  return compiler(
    '-p',
    project,
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    `node_modules/.cache/${name}.tsbuildinfo`,
  );
}

/**
 * The parts of `npm run check` that are not tests; the slow ones first, so that two fit side by side.
 * The product must have been built: `package` looks at what would be published.
 */
export const staticSteps = [
  { name: 'types', command: typesOf('tsconfig.json', 'types') },
  { name: 'page types', command: typesOf('console/tsconfig.json', 'page-types') },
  { name: 'lint', command: tool('oxlint/bin/oxlint') },
  {
    name: 'format',
    command: tool(
      'prettier/bin/prettier.cjs',
      ...['.', '--check', '--log-level=warn', '--cache', '--cache-strategy=content'],
      '--cache-location=node_modules/.cache/prettier-check.json',
    ),
  },
  { name: 'unused code', command: tool('knip/bin/knip.js', '--no-progress') },
  {
    name: 'layers',
    command: tool('dependency-cruiser/bin/dependency-cruise.mjs', 'src', 'console', '--output-type=err-long'),
  },
  { name: 'package', command: tool('publint/src/cli.js', '--strict') },
];

export const unitTestStep = {
  name: 'unit tests',
  command: tool('vitest/vitest.mjs', 'run', '--project=unit', '--reporter=dot'),
};

/**
 * Runs steps, as many side by side as there are cores up to two, and prints one line for each. What a
 * failed step had to say follows its line.
 *
 * @param {{ keepGoing?: boolean }} options without `keepGoing` the first failure stops the others.
 * @returns {Promise<string[]>} the names of the steps that failed.
 */
export async function runSteps(steps, { keepGoing = false } = {}) {
  const waiting = [...steps];
  const failed = [];
  const stopper = new AbortController();
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await runCommand(step.command, { signal: stopper.signal });
      if (stopper.signal.aborted) return;
      const verdict = result.code === 0 ? 'ok' : 'FAILED';
      process.stdout.write(`${step.name.padEnd(12)} ${verdict.padEnd(6)} ${seconds(result.durationMs)}\n`);
      if (result.code === 0) continue;
      process.stdout.write(`\n${result.output.trim()}\n\n`);
      failed.push(step.name);
      if (!keepGoing) stopper.abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, cpus().length) }, lane));
  return failed;
}
