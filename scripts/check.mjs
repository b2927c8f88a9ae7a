// `npm run check`: what one runs before a commit. Format, lint, types, layers, unused code, unit tests.

import './node-version.mjs';
import { build, installDependencies, main } from './set-up.mjs';
import { runSteps, staticSteps, unitTestStep } from './steps.mjs';

await main(async () => {
  await installDependencies();
  await build('product', { unchecked: true });
  const [failed] = await runSteps(staticSteps);
  if (failed) return stopAt(failed);
  const [failedTests] = await runSteps([unitTestStep]);
  if (failedTests) return stopAt(failedTests);
  process.stdout.write('Everything checked is fine.\n');
});

function stopAt(step) {
  process.stdout.write(`Stopped at: ${step}.\n`);
  process.exitCode = 1;
}
