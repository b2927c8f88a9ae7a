import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../../scripts/build-console.mjs', import.meta.url));

/** Where the build lies. */
export const consoleFolder = fileURLToPath(new URL('../../../dist/console/', import.meta.url));

/** Builds the console where its sources have changed; does nothing otherwise. */
export async function buildConsole(): Promise<void> {
  await promisify(execFile)(process.execPath, [script]);
}
