import { pathToFileURL } from 'node:url';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

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

/** Tests that kill, freeze and starve whole processes and databases. */
const processTests = ['crash', 'faults', 'cluster', 'deploy', 'e2e', 'move', 'export'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);
const browserTests = ['test/browser/**/*.test.ts'];

/** Of every test. For two busy cores; those of processes and the browser set longer times of their own. */
const common = { pool: 'forks', testTimeout: 20_000, hookTimeout: 30_000, teardownTimeout: 10_000 } as const;

/** One kind after the other: what two of a kind do to each other is known, what a killed database does to a browser is not. */
export default defineConfig({
  test: {
    // Once for all of them.
    globalSetup: ['scripts/build-for-tests.mjs', 'test/support/shared-postgres.ts'],
    projects: [
      {
        plugins: [compiledThreads],
        test: {
          ...common,
          name: 'server',
          include: ['src/**/*.test.ts', 'console/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...processTests, ...browserTests],
          // Tests use real files, sockets and processes: more workers than this only makes them wait for the disk.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [compiledThreads],
        test: {
          ...common,
          name: 'processes',
          include: processTests,
          // Each starts servers of its own, and waits for what they do in real time.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: browserTests,
          globalSetup: ['test/browser/support/shared-chromium.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Of two files one waits most of the time, for a server or a page.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
