// `npm run crash -- --rounds 200 [--seed 7]`: kills the server at random moments, as often as asked.

import './node-version.mjs';
import { parseArgs } from 'node:util';
import { runCommand, tool } from './run-command.mjs';
import { installDependencies, main, SetUpError } from './set-up.mjs';

await main(async () => {
  const { rounds, seed } = readArguments();
  await installDependencies();
  const env = { ...process.env, CRASH_ROUNDS: rounds, ...(seed === undefined ? {} : { CRASH_SEED: seed }) };
  const { code } = await runCommand(tool('vitest/vitest.mjs', 'run', 'test/crash/crash.test.ts'), {
    show: true,
    env,
  });
  process.exitCode = code;
});

function readArguments() {
  const usage = 'Usage: npm run crash -- [--rounds N] [--seed N]';
  try {
    const { values } = parseArgs({
      options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
    });
    for (const value of Object.values(values)) {
      if (!/^\d+$/.test(value)) throw new Error(`"${value}" is not a whole number.`);
    }
    return values;
  } catch (error) {
    throw new SetUpError(`${error.message}\n${usage}`);
  }
}
