// `node scripts/build-console.mjs`: builds the console alone, for a server that runs already. With
// `--keep-going`, as the tests do with all that they need compiled, a failure leaves what there is.

import './node-version.mjs';
import { build, main } from './set-up.mjs';

await main(() => build('console', { unchecked: process.argv.includes('--keep-going') }));
