// `npm run check`: what one runs before a commit. Format, lint, types, layers, unused code, unit tests.

import './node-version.mjs';
import { build, installDependencies, main } from './set-up.mjs';
import { runSteps, staticSteps, unitTestStep } from './steps.mjs';

await main(async () => {
  await installDependencies();
  await build('product', { unchecked: true });
  const [failed] = await runSteps([...staticSteps, unitTestStep]);
  if (failed) return stopAt(failed);
  process.stdout.write('Everything checked is fine.\n');
});

function stopAt(step) {
  process.stdout.write(`Stopped at: ${step}.\n`);
  process.exitCode = 1;
}
