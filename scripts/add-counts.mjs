// Prints the counts of `npm test` and of what `npm run test:all` adds, as one line.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from './run-command.mjs';
import { formatCounts } from './test-results.mjs';

const counts = ['usual', 'added'].map((tier) => {
  const file = join(rootDir, '.test-results', `${tier}-counts.json`);
  // A run that came to no end.
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
});
const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
process.stdout.write(
  `${formatCounts({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') })}\n`,
);
