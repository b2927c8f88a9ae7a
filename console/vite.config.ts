import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const outDir = join(import.meta.dirname, '..', 'dist', 'console.next');

/** Smaller than this, a file fits into the first packets of an answer as it is. */
const compressFromBytes = 1024;

/**
 * Puts a .br and a .gz beside every asset, so that the server compresses nothing while it takes pushes.
 * index.html has none: each answer has a nonce of its own in it (src/http/console-files.ts).
 */
const compressed: Plugin = {
  name: 'compressed-assets',
  apply: 'build',
  async writeBundle() {
    const folder = join(outDir, 'assets');
    const names = (await readdir(folder)).filter((name) => /\.(js|css|svg|json)$/.test(name));
    await Promise.all(names.map((name) => compress(join(folder, name))));
  },
};

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.byteLength < compressFromBytes) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

/**
 * Few files rather than many: a browser fetches six at a time, and each is asked of the process that takes pushes.
 * What is there before any page is one file, what many pages share another, and what a few share one for each few of
 * them. What a module imports is needed wherever it is: so these files import each other one way. Small ones are not
 * merged by size, which makes circles, and code that runs before what it needs.
 */
const groups = [
  { name: 'console', tags: ['$initial' as const] },
  { name: 'shared', minShareCount: 5 },
  { name: 'some', minShareCount: 2, entriesAware: true },
];

/** Without the list of all pages that share it. */
const shortName = (name = ''): string => `assets/${name.split('~')[0]}-[hash]`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed],
  // What src/http/console-files.ts puts a fresh nonce in place of.
  html: { cspNonce: '__EARSHOT_NONCE__' },
  build: {
    // scripts/set-up.mjs puts it in place of dist/console once it is whole.
    outDir,
    emptyOutDir: true,
    manifest: true,
    // What browsers since 2024 understand without a detour, light-dark() among it.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // An image as a `data:` address would be one more thing for the Content-Security-Policy to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups },
        chunkFileNames: ({ name }) => `${shortName(name)}.js`,
        assetFileNames: ({ names }) => `${shortName(names[0]?.replace(/\.\w+$/, ''))}[extname]`,
      },
    },
    // By bytes as they are written; test/browser/bundle.test.ts counts them as they are sent.
    chunkSizeWarningLimit: 800,
  },
});
