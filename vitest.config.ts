import { pathToFileURL } from 'node:url';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { hangsAfterMs, tier } from './test/support/test-run.js';

type Plugin = Extract<NonNullable<ViteUserConfig['plugins']>[number], { name: string }>;

const sourceDir = join(import.meta.dirname, 'src');
const compiledDir = join(import.meta.dirname, 'dist');

/**
 * Points worker threads at their compiled files.
 *
 * Production code starts a thread with `new Worker(new URL('./name-thread.js', import.meta.url))`. Under
 * vitest, `import.meta.url` is that of the TypeScript source, beside which there is no .js; and a thread is
 * loaded by Node, not by vitest, so it could not read TypeScript there anyway. The global set-up has
 * compiled everything into dist/, so inside src/ the URL of a thread becomes that of its file in dist/.
 * What runs in the thread is therefore exactly what ships.
 */
const compiledThreads: Plugin = {
  name: 'compiled-threads',
  enforce: 'pre',
  transform(code, id) {
    const [file = id] = id.split('?');
    if (!file.startsWith(sourceDir) || !code.includes('-thread.js')) return null;
    const threadUrl = /new URL\(\s*(['"])(\.{1,2}\/[^'"\n]*-thread\.js)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;
    const rewritten = code.replace(threadUrl, (_match, _quote, path: string) => {
      const compiled = join(compiledDir, relative(sourceDir, resolve(dirname(file), path)));
      return `new URL(${JSON.stringify(pathToFileURL(compiled).href)})`;
    });
    return { code: rewritten, map: null };
  },
};

const root = { plugins: [compiledThreads] };

/** Of every test. Nothing measures time: whoever is not done by then hangs. */
const common = {
  pool: 'forks',
  testTimeout: hangsAfterMs,
  hookTimeout: hangsAfterMs,
  teardownTimeout: hangsAfterMs,
  expect: { poll: { timeout: 0.8 * hangsAfterMs } },
} as const;

/** A kind of test: where it lies, and which files `npm run test:all` runs once more, with more rounds or other looks. */
interface Kind {
  readonly folders: readonly string[];
  readonly deepened: readonly string[];
}

/** Files named `x.all.test.ts` are run by `npm run test:all` alone. */
function filesOf({ folders, deepened }: Kind): { include: string[]; exclude: string[] } {
  const below = (ending: string) => folders.map((folder) => `${folder}/**/*${ending}`);
  return tier === 'usual'
    ? { include: below('.test.ts'), exclude: ['**/*.all.test.ts'] }
    : { include: [...below('.all.test.ts'), ...deepened], exclude: [] };
}

const kinds = {
  unit: { folders: ['src', 'console'], deepened: [] },
  server: {
    folders: ['commands', 'conformance', 'console', 'docs', 'fuzz', 'http', 'package', 'store'].map(inTest),
    deepened: ['test/fuzz/*.test.ts'],
  },
  /** They start, kill and starve processes and databases: they wait more than they compute. */
  processes: {
    folders: ['cluster', 'crash', 'deploy', 'e2e', 'export', 'faults', 'move'].map(inTest),
    deepened: ['test/crash/crash.test.ts'],
  },
  browser: { folders: [inTest('browser')], deepened: ['test/browser/*.test.ts'] },
} satisfies Record<string, Kind>;

function inTest(folder: string): string {
  return `test/${folder}`;
}

export default defineConfig({
  test: {
    // Once for all of them.
    globalSetup: ['scripts/build-for-tests.mjs', 'test/support/shared-servers.ts'],
    projects: [
      {
        ...root,
        test: { ...common, name: 'unit', ...filesOf(kinds.unit), maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        ...root,
        test: {
          ...common,
          name: 'server',
          ...filesOf(kinds.server),
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...root,
        test: {
          ...common,
          name: 'processes',
          ...filesOf(kinds.processes),
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          ...filesOf(kinds.browser),
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
