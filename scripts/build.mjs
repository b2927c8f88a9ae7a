// `npm run build`: compiles the server and the console, to run `dist/` without these scripts.

import './node-version.mjs';
import { build, installDependencies, main } from './set-up.mjs';

await main(async () => {
  await installDependencies();
  await build('product');
  await build('console');
});
