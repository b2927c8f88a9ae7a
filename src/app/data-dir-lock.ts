import { join } from 'node:path';
import { AppError } from '../domain/errors.js';
import { holdFileLock } from '../store/sqlite/file-lock.js';
import { makeDurableFolder } from './durable-folder.js';

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
