import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
/** Of the main thread's young generation: without it a server needs 40 MB more (docs/performance.md). */
const flag = '--max-semi-space-size=2';

it.each([
  ['src/cli/main.ts', `#!/usr/bin/env -S node ${flag}\n`],
  ['package.json', `exec node ${flag} scripts/start.mjs serve`],
  ['deploy/systemd/earshot.service', `node ${flag} /opt/earshot/dist/cli/main.js serve`],
  ['Dockerfile', `"node", "${flag}", "/app/dist/cli/main.js"`],
  ['bench/process/earshot-server.ts', `'${flag}'`],
])('%s starts Node with the flag that bounds its memory', (file, start) => {
  expect(read(file)).toContain(start);
});
