// `npm run bench -- [--short] [...]`: builds the server (measured as it ships) and the benchmark, runs it.

import './node-version.mjs';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootDir } from './run-command.mjs';
import { build, installDependencies, main } from './set-up.mjs';

await main(async () => {
  await installDependencies();
  await build('product');
  await build('console');
  await build('bench');
  // The compiled sources look for the package's version beside their root, as they do in dist/.
  copyFileSync(join(rootDir, 'package.json'), join(rootDir, 'dist-bench', 'package.json'));
  const entry = join(rootDir, 'dist-bench', 'bench', 'main.js');
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
});
