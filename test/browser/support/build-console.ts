import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../../scripts/build-console.mjs', import.meta.url));

/** Where the build lies. */
export const consoleFolder = fileURLToPath(new URL('../../../dist/console/', import.meta.url));

/**
 * Builds the console where its sources have changed; does nothing otherwise. Sources that do not build fail no
 * test by themselves, as it is with the server's: what there is is tested.
 */
export async function buildConsole(): Promise<void> {
  const { stderr } = await promisify(execFile)(process.execPath, [script, '--keep-going']);
  if (!existsSync(join(consoleFolder, 'index.html'))) throw new Error(stderr);
}
