import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../domain/errors.js';
import { makeDurableFolder } from '../storage/folder-sync.js';
import { holdFileLock } from '../store/sqlite/sqlite-files.js';

/**
 * One server at a time works on a data folder. The lock is a SQLite lock on a small file: the operating
 * system drops it with the process, however that ended.
 * @returns what releases it.
 * @throws AppError `data-dir-in-use` or `data-dir-unusable`.
 */
export function lockDataDir(dataDir: string): () => void {
  let release: (() => void) | undefined;
  try {
    makeDurableFolder(dataDir);
    release = holdFileLock(join(dataDir, 'serve.lock'));
  } catch (error) {
    throw new AppError('data-dir-unusable', `${dataDir} cannot be written: ${(error as Error).message}.`);
  }
  if (!release) {
    throw new AppError(
      'data-dir-in-use',
      `Another Earshot server works on ${dataDir}. Processes that share a database need a data folder each.`,
    );
  }
  return release;
}

/** What Earshot makes in a data folder. Somebody may keep other things there: those are theirs. */
const ours =
  /^((store|inbox|spool)\.db.*|push-token|api-key|sources\.json|serve\.lock.*|recordings|staging|moving|before-move-.*)$/;

/**
 * Takes from everybody else what rights they have to a data folder and to what lies in it: secrets, links, people's voices.
 * A folder that npm, Docker or somebody by hand had made open stays so otherwise, and what was written before. What lies
 * deeper is behind folders that are closed then. What is not ours to change is left: a volume that a platform keeps for us.
 * @returns what was open.
 */
export function closeToOthers(dataDir: string): string[] {
  // Windows has no such modes.
  if (process.platform === 'win32') return [];
  const inside = readdirSync(dataDir)
    .filter((name) => ours.test(name))
    .map((name) => join(dataDir, name));
  return [dataDir, ...inside].filter(closeOne);
}

function closeOne(path: string): boolean {
  try {
    const found = lstatSync(path);
    if (!(found.isFile() || found.isDirectory()) || (found.mode & 0o077) === 0) return false;
    chmodSync(path, found.mode & 0o700);
    return true;
  } catch {
    return false;
  }
}
