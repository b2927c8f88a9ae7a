// `node scripts/lint.mjs FOLDER… [--without FOLDER…] [--all]`: ESLint, for the files below the folders.
// Without `--all` it leaves out files that were found clean before and whose verdict cannot have changed.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ESLint } from 'eslint';
import { rootDir } from './run-command.mjs';

/**
 * What ESLint says about a file depends on the file, on the types of all that it imports, and on what
 * holds for every file. Its own cache knows nothing of types. Here a clean file is recorded under a digest
 * of all three. For the types stand the declarations that the steps `types` and `page types` have written
 * before (steps.mjs): a declaration file is, by its purpose, everything that an importer can see, comments
 * like `@deprecated` included. The compiler itself decides by it what to check again. A changed function
 * body therefore lints one file, a changed signature everything that can see it.
 *
 * `npm test`, and so CI, lints every file all the same.
 */

// typescript-eslint: one program for all files of a project, not one that follows edits. It is several
// times faster, and assumed only when ESLint is started by its own command.
process.env.TSESTREE_SINGLE_RUN = 'true';

const lintable = /\.(js|mjs|cjs|ts|tsx)$/;
const cacheDir = join(rootDir, 'node_modules/.cache');
const declarationDirs = ['types', 'page-types'].map((name) => join(cacheDir, name));

const { folders, without, all } = readArguments(process.argv.slice(2));
const recordFile = join(cacheDir, `lint-${folders.join('-').replace(/[^a-z]+/g, '_')}.json`);

const eslint = new ESLint({ cwd: rootDir });
const files = [];
for (const file of folders.flatMap((folder) => listFiles(resolve(rootDir, folder)))) {
  if (!(await eslint.isPathIgnored(file))) files.push(file);
}

const read = remember((file) => readFileSync(file, 'utf8'));
const declarationOf = remember(findDeclaration);
const importsOf = remember(findImports);
const forEveryFile = all ? '' : digestWhatHoldsForEveryFile();

const keys = all ? new Map() : new Map(files.map((file) => [file, digestOf(file)]));
const known = all ? {} : readRecord();
const left = files.filter((file) => all || known[relative(rootDir, file)] !== keys.get(file));

const results = left.length > 0 ? await eslint.lintFiles(left) : [];
const formatter = await eslint.loadFormatter('stylish');
process.stdout.write(await formatter.format(results));
process.stdout.write(`${left.length} of ${files.length} files linted.\n`);

const unclean = new Set(
  results.filter(({ messages }) => messages.length > 0).map(({ filePath }) => filePath),
);
const clean = files.filter((file) => !unclean.has(file));
if (!all) {
  mkdirSync(cacheDir, { recursive: true });
  const record = Object.fromEntries(clean.map((file) => [relative(rootDir, file), keys.get(file)]));
  writeFileSync(recordFile, JSON.stringify(record));
}
// A warning fails too.
process.exitCode = unclean.size > 0 ? 1 : 0;

function digestOf(file) {
  const hash = createHash('sha256').update(forEveryFile).update(read(file));
  for (const declaration of reach(importsOf(file))) hash.update(`\0${declaration}\0${read(declaration)}`);
  return hash.digest('hex');
}

/**
 * Versions, settings, and whatever changes types without being imported: declaration files of our own, and
 * files that add to a module or to what is global.
 */
function digestWhatHoldsForEveryFile() {
  const hash = createHash('sha256').update(process.version);
  const settings = ['package-lock.json', 'package.json', 'eslint.config.js', 'scripts/lint.mjs'];
  const projects = ['tsconfig.json', 'console/tsconfig.json', 'test/browser/tsconfig.json'];
  for (const file of [...settings, ...projects]) hash.update(`\0${read(join(rootDir, file))}`);
  const sources = ['src', 'test', 'bench', 'console'].flatMap((name) => listFiles(join(rootDir, name)));
  const adding = sources.filter(
    (file) =>
      /\.d\.ts$/.test(file) || (/\.tsx?$/.test(file) && /^declare (module|global)\b/m.test(read(file))),
  );
  for (const file of reach(adding.map(declarationOf))) hash.update(`\0${file}\0${read(file)}`);
  // A file that appears or goes may change what an import finds.
  hash.update(sources.join('\0'));
  return hash.digest('hex');
}

/** Declarations that can be reached from these, themselves included, in a stable order. */
function reach(declarations) {
  const reached = new Set(declarations);
  for (const declaration of reached) importsOf(declaration).forEach((next) => reached.add(next));
  return [...reached].sort();
}

/** The declarations of our own files that a source or a declaration names; packages are in the lock file. */
function findImports(file) {
  const found = new Set();
  for (const [, specifier] of read(file).matchAll(
    /(?:\bfrom|\bimport|\bimport\s*\()\s*['"](\.[^'"]*)['"]/g,
  )) {
    const target = resolve(dirname(sourceOf(file)), specifier);
    const stem = target.replace(/\.(js|jsx|ts|tsx)$/, '');
    const candidates = [target, `${stem}.ts`, `${stem}.tsx`, `${target}.ts`, `${target}.tsx`, `${stem}.d.ts`];
    const source = candidates.find((candidate) => lintable.test(candidate) && existsSync(candidate));
    if (source) found.add(declarationOf(source));
    else if (target.endsWith('.json') && existsSync(target)) found.add(target);
  }
  return [...found];
}

/** Where the compiler has written what a source declares; the source itself where it has not. */
function findDeclaration(source) {
  const name = relative(rootDir, source).replace(/\.tsx?$/, '.d.ts');
  return declarationDirs.map((dir) => join(dir, name)).find((file) => existsSync(file)) ?? source;
}

/** Specifiers in a declaration are relative to the place of its source. */
function sourceOf(file) {
  const dir = declarationDirs.find((candidate) => file.startsWith(candidate + sep));
  return dir ? join(rootDir, relative(dir, file)) : file;
}

function listFiles(path) {
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = join(path, entry.name);
      if (entry.name === 'node_modules' || entry.name === '.git' || without.includes(child)) return [];
      if (entry.isDirectory()) return listFiles(child);
      return lintable.test(entry.name) ? [child] : [];
    });
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(recordFile, 'utf8'));
  } catch {
    return {};
  }
}

function remember(ask) {
  const answers = new Map();
  return (file) => {
    if (!answers.has(file)) answers.set(file, ask(file));
    return answers.get(file);
  };
}

function readArguments(args) {
  const words = args.filter((word) => word !== '--all');
  const end = words.includes('--without') ? words.indexOf('--without') : words.length;
  return {
    folders: words.slice(0, end),
    without: words.slice(end + 1).map((folder) => resolve(rootDir, folder)),
    all: args.includes('--all'),
  };
}
