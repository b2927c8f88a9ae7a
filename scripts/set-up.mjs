import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from './file-lock.mjs';
import { compiler, rootDir, runCommand, tool } from './run-command.mjs';

/**
 * What every command does first: install what the lock file names, compile what has changed. Both ask
 * cheap questions (two JSON files, one `stat` per source file) and do nothing when nothing is to be done.
 * Words go to stderr, because stdout belongs to the command.
 */

const at = (...parts) => join(rootDir, ...parts);
const say = (text) => process.stderr.write(text);
/** Outside dist/ and node_modules/, both of which may be deleted while it is held. */
const lockFile = at('.set-up.lock');

/** Installs when node_modules is not what package-lock.json says. Throws a sentence when npm fails. */
export async function installDependencies() {
  if (isInstalled()) return;
  await withFileLock(lockFile, async () => {
    if (isInstalled()) return;
    say('Installing dependencies (npm ci) … ');
    const npm = process.env.npm_execpath
      ? [process.execPath, process.env.npm_execpath]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
    const result = await runCommand([...npm, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
      shell: npm[0] === 'npm.cmd',
    });
    if (result.code !== 0) {
      say('failed\n');
      throw new SetUpError(`${result.output}\nnpm ci failed: dependencies could not be installed.`);
    }
    say(`${seconds(result.durationMs)}\n`);
  });
}

/**
 * npm keeps what it has installed in node_modules/.package-lock.json, written last: comparing that with
 * the lock file survives checkouts that change times and notices an install that was interrupted.
 */
function isInstalled() {
  const installed = readJson(at('node_modules', '.package-lock.json'))?.packages;
  if (!installed) return false;
  const locked = readJson(at('package-lock.json'))?.packages ?? {};
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return true;
    return installed[path]?.version === entry.version;
  });
}

/** The programs that can be compiled: where each comes from and where it goes. */
const programs = {
  product: compiled('tsconfig.build.json', ['src'], 'dist'),
  bench: compiled('tsconfig.bench.json', ['src', 'bench'], 'dist-bench'),
  console: {
    from: ['console', 'src/contract'],
    also: ['tsconfig.json', 'package-lock.json'],
    to: 'dist/console',
    // Vite never looks at types: `npm run check` does.
    command: () => tool('vite/bin/vite.js', 'build', '--config', 'console/vite.config.ts', '--logLevel=warn'),
    finish: (isBuilt) => {
      if (!isBuilt) return;
      // Until here, a server that runs meanwhile has served the whole of the old one.
      rmSync(at('dist/console'), { recursive: true, force: true });
      renameSync(at('dist/console.next'), at('dist/console'));
    },
  },
};

/** A program that the TypeScript compiler makes. */
function compiled(project, from, to) {
  return {
    from,
    also: [project, 'tsconfig.json', 'package-lock.json'],
    to,
    command: ({ unchecked }) => compiler('-p', project, ...(unchecked ? ['--noCheck'] : [])),
    finish: () => sweep(from, to),
  };
}

/**
 * Compiles a program when its sources have changed since the last time. Throws the compiler's words on a
 * type error. `unchecked` leaves types out, in half the time: for tests, beside which types are checked by
 * a step of their own. What was built unchecked is built again for anyone else.
 */
export async function build(name, { unchecked = false } = {}) {
  const program = programs[name];
  const stampFile = at(program.to, '.stamp');
  const isFresh = () => {
    const digest = digestSources(program);
    const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
    return stamp === `${digest} checked` || (unchecked && stamp === `${digest} unchecked`);
  };
  if (isFresh()) return;
  await withFileLock(lockFile, async () => {
    if (isFresh()) return;
    const digest = digestSources(program);
    rmSync(stampFile, { force: true });
    say(name === 'product' ? 'Building … ' : `Building ${name} … `);
    // Vite would build for development where a test runner has said that it is one.
    const env = { ...process.env, NODE_ENV: 'production' };
    const result = await runCommand(program.command({ unchecked }), { env });
    program.finish(result.code === 0);
    if (result.code !== 0) {
      say('failed\n');
      const words = `${result.output}\nThe build failed: the sources do not compile.`;
      if (!unchecked) throw new SetUpError(words);
      return say(`${words} Going on with what there is.\n`);
    }
    mkdirSync(at(program.to), { recursive: true });
    writeFileSync(stampFile, `${digest} ${unchecked ? 'unchecked' : 'checked'}`);
    say(`${seconds(result.durationMs)}\n`);
  });
}

/** One line's worth of every input's name, size and time. */
function digestSources({ from, also }) {
  const files = from.flatMap(listFiles).filter((file) => !/\.test\.tsx?$/.test(file));
  const hash = createHash('sha256');
  for (const file of [...files, ...also]) {
    const stat = statSync(at(file), { throwIfNoEntry: false });
    hash.update(`${file}\0${stat?.size}\0${stat?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Removes what was compiled from sources that are gone: a worker thread would still find it. */
function sweep(from, to) {
  const [firstRoot] = from;
  const sourceOf = (file) => file.replace(/(\.d)?\.(js|ts)(\.map)?$/, '.ts');
  for (const file of listFiles(to)) {
    if (file.startsWith('dist/console')) continue; // Vite's.
    if (!/\.(js|js\.map|d\.ts)$/.test(file)) continue;
    const inside = sourceOf(file).slice(to.length + 1);
    const source = from.length === 1 ? `${firstRoot}/${inside}` : inside;
    if (!existsSync(at(source))) rmSync(at(file), { force: true });
  }
}

/** Files below a folder of the checkout, as paths from the root with `/`, in a stable order. */
function listFiles(folder) {
  if (!existsSync(at(folder))) return [];
  const entries = readdirSync(at(folder), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(path) : [path];
    });
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export const seconds = (durationMs) => `${(durationMs / 1000).toFixed(1)} s`;

/** A failure whose message is all that a person needs to see. */
export class SetUpError extends Error {}

/** Runs a command's body; a SetUpError becomes its sentence and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(`${error.message}\n`);
    process.exitCode = 1;
  }
}
