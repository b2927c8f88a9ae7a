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

const browserTests = 'test/browser/**/*.test.ts';

/** Of every test. For two busy cores; tests in test/crash and test/e2e set longer times of their own. */
const common = { pool: 'forks', testTimeout: 20_000, hookTimeout: 30_000, teardownTimeout: 10_000 } as const;

export default defineConfig({
  test: {
    // Once for both.
    globalSetup: ['scripts/build-for-tests.mjs', 'test/support/shared-postgres.ts'],
    projects: [
      {
        plugins: [compiledThreads],
        test: {
          ...common,
          name: 'server',
          include: ['src/**/*.test.ts', 'console/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [browserTests],
          // Tests use real files, sockets and processes: more workers than this only makes them wait for the disk.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: [browserTests],
          // Beside each other, not beside tests that kill databases: a browser waits for what it sees.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
