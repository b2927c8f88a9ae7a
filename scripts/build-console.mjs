// `node scripts/build-console.mjs`: builds the console alone, for a server that runs already or a browser test.

import './node-version.mjs';
import { build, main } from './set-up.mjs';

await main(() => build('console'));
