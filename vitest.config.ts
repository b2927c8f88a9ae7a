import { pathToFileURL } from 'node:url';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { giveUpAfterMs, hangsAfterMs, tier } from './test/support/test-run.js';

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

/** A kind of test: where it lies, which files `npm run test:all` runs once more, and how many files run side by side. */
interface Kind {
  readonly folders: readonly string[];
  /** With more rounds, or in the other looks: see `rounds` and `tier` in test/support/test-run.ts. */
  readonly deepened?: readonly string[];
  readonly maxWorkers: number;
  /** Whether each file has a process of its own. The others share one, which loads the product once for all of them. */
  readonly isolate: boolean;
  readonly globalSetup?: string[];
}

const inTest = (...names: string[]): string[] => names.map((name) => `test/${name}`);

const kinds: Readonly<Record<string, Kind>> = {
  unit: {
    folders: ['src', 'console'],
    deepened: ['src/store/postgres/call-plans.test.ts'],
    maxWorkers: 2,
    isolate: false,
  },
  server: {
    folders: inTest('commands', 'conformance', 'console', 'docs', 'fuzz', 'http', 'package', 'store'),
    deepened: inTest(
      'fuzz/*.test.ts',
      'conformance/{sqlite-store,postgres-receiving,postgres-sending}.test.ts',
      'store/{journal,sending}-plans.test.ts',
    ),
    maxWorkers: 2,
    isolate: false,
  },
  // They start, kill and starve processes and databases: most of the time they wait.
  processes: {
    folders: inTest('cluster', 'crash', 'deploy', 'e2e', 'export', 'faults', 'move'),
    deepened: inTest(
      'crash/{crash-embedded,crash-postgres,publishing-crash,delivery-crash,analyse-crash,split-roles-crash,compressed-week}.test.ts',
      'cluster/duties.test.ts',
      'faults/{database-away,failover}.test.ts',
      'move/{postgres,sqlite}-copy.test.ts',
    ),
    maxWorkers: 3,
    isolate: true,
  },
  // Of two files one waits most of the time, for a server or a page.
  browser: {
    folders: inTest('browser'),
    deepened: inTest('browser/!(bundle|calls-scrolling).test.ts'),
    maxWorkers: 2,
    isolate: true,
    globalSetup: ['test/browser/support/shared-chromium.ts'],
  },
};

/** Files named `x.all.test.ts` are run by `npm run test:all` alone. */
function filesOf({ folders, deepened = [] }: Kind): { include: string[]; exclude: string[] } {
  const below = (ending: string) => folders.map((folder) => `${folder}/**/*${ending}`);
  return tier === 'usual'
    ? { include: below('.test.ts'), exclude: ['**/*.all.test.ts'] }
    : { include: [...below('.all.test.ts'), ...deepened], exclude: [] };
}

export default defineConfig({
  test: {
    // Once for all of them.
    globalSetup: ['scripts/build-for-tests.mjs', 'test/support/shared-servers.ts'],
    projects: Object.entries(kinds).map(([name, kind], groupOrder) => ({
      plugins: [compiledThreads],
      test: {
        ...{ name, ...filesOf(kind), sequence: { groupOrder } },
        ...{ pool: 'forks', maxWorkers: kind.maxWorkers, isolate: kind.isolate },
        ...(kind.globalSetup ? { globalSetup: kind.globalSetup } : {}),
        ...{ testTimeout: hangsAfterMs, hookTimeout: hangsAfterMs, teardownTimeout: hangsAfterMs },
        expect: { poll: { timeout: giveUpAfterMs } },
      },
    })),
  },
});
