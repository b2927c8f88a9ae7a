// `npm start`, `npm run demo`, `npm run earshot -- COMMAND`: sets up what is missing, then runs Earshot's
// command line in this very process, so that signals, the terminal and the exit code are its own.

import './node-version.mjs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { rootDir } from './run-command.mjs';
import { build, installDependencies, main } from './set-up.mjs';

await main(async () => {
  await installDependencies();
  await build('product');
  await build('console');
  const entry = join(rootDir, 'dist', 'cli', 'main.js');
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
});
