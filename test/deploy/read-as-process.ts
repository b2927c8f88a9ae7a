import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readConfig, type Config } from '../../src/settings/config.js';

/** What a file called so would hold. */
const plausible = (file: string): string =>
  file === 'database-url' ? 'postgres://earshot:password@postgres:5432/earshot' : 'a-secret-of-the-tests-24';

/**
 * Reads an environment as a process that is started with it would; the files of secrets that it names are taken from
 * `secretsDir`, or made up.
 * @throws what the start would say: an unknown setting, a value that cannot be read, settings that contradict each other.
 */
export function readAsProcess(environment: Readonly<Record<string, string>>, secretsDir?: string): Config {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-deploy-'));
  try {
    const given = Object.entries(environment).map(([name, value]): [string, string] => {
      if (!name.endsWith('_FILE')) return [name, value];
      const file = basename(value);
      if (secretsDir !== undefined) return [name, join(secretsDir, file)];
      writeFileSync(join(folder, file), plausible(file));
      return [name, join(folder, file)];
    });
    return readConfig({}, Object.fromEntries(given), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
