// `npm run crash -- --rounds 200 [--seed 7] [--store postgres]`: kills the server at random moments, as often as
// asked; with PostgreSQL two servers, their database, or all of them.

import './node-version.mjs';
import { parseArgs } from 'node:util';
import { runCommand, tool } from './run-command.mjs';
import { installDependencies, main, SetUpError } from './set-up.mjs';

await main(async () => {
  const { rounds, seed, store } = readArguments();
  await installDependencies();
  const env = { ...process.env, CRASH_ROUNDS: rounds };
  if (seed !== undefined) env.CRASH_SEED = seed;
  const { code } = await runCommand(tool('vitest/vitest.mjs', 'run', `test/crash/crash-${store}.test.ts`), {
    show: true,
    env,
  });
  process.exitCode = code;
});

function readArguments() {
  const usage = 'Usage: npm run crash -- [--rounds N] [--seed N] [--store embedded|postgres]';
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '200' },
        seed: { type: 'string' },
        store: { type: 'string', default: 'embedded' },
      },
    });
    const { store, ...numbers } = values;
    for (const value of Object.values(numbers)) {
      if (!/^\d+$/.test(value)) throw new Error(`"${value}" is not a whole number.`);
    }
    if (!['embedded', 'postgres'].includes(store)) throw new Error(`"${store}" is no store.`);
    return values;
  } catch (error) {
    throw new SetUpError(`${error.message}\n${usage}`);
  }
}
