import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

/** The checkout, whatever the working directory. */
export const rootDir = fileURLToPath(new URL('..', import.meta.url));

/** A Node tool from node_modules, as arguments for `node`: no shell, so spaces in paths are no matter. */
export function tool(packagePath, ...args) {
  return [
    process.execPath,
    fileURLToPath(new URL(`../node_modules/${packagePath}`, import.meta.url)),
    ...args,
  ];
}

/** The compiler: TypeScript 7 where there is a binary of it, otherwise TypeScript 6 (docs/adr/0012). */
export function compiler(...args) {
  const binary = new URL(
    `../node_modules/@typescript/typescript-${process.platform}-${process.arch}`,
    import.meta.url,
  );
  return tool(existsSync(binary) ? 'typescript7/bin/tsc' : 'typescript/bin/tsc', ...args);
}

/**
 * Runs a command to its end. Its output is collected (both streams, in order of arrival), or passed
 * through when `show` is set. An abort ends the command; so does the end of this process.
 *
 * @returns {Promise<{ code: number, output: string, durationMs: number }>} `code` is 128 + n after signal n.
 */
export function runCommand(
  [command, ...args],
  { show = false, env = process.env, signal, shell = false } = {},
) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: rootDir,
      env,
      shell,
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    const stop = (name) => child.kill(name);
    const onAbort = () => stop('SIGTERM');
    const settle = (code, note = '') => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      signal?.removeEventListener('abort', onAbort);
      const output = Buffer.concat(chunks).toString() + note;
      resolve({ code, output, durationMs: performance.now() - startedAt });
    };
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => settle(127, `${command}: ${error.message}\n`));
    child.once('close', (code, name) => settle(code ?? 128 + (name === 'SIGINT' ? 2 : 15)));
    process.on('SIGINT', stop).on('SIGTERM', stop);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
  });
}
