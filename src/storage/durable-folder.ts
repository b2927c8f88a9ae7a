import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, each name flushed to the disk: without that, a power
 * loss may forget the folder and with it every file that was flushed inside it. They are for this user alone:
 * what lies in them holds links, which are secrets, and people's voices.
 */
export function makeDurableFolder(folder: string): void {
  for (const made of makeMissing(resolve(folder))) flushNames(dirname(made));
}

/**
 * Node's own recursive mkdir asks again for ever where a folder that is there takes no names, as /proc does.
 * @returns what was made, the deepest first.
 */
function makeMissing(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return [];
  const above = folder === dirname(folder) ? [] : makeMissing(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Somebody else was faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
  return [folder, ...above];
}

/** Makes the names in a folder durable: what was renamed there stays so. */
export function flushNames(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch (error) {
    // Windows opens no folders, and flushes their names by itself.
    if (['EISDIR', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
