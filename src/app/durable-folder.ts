import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, each name flushed to the disk: without that, a power
 * loss may forget the folder and with it every file that was flushed inside it. They are for this user alone:
 * what lies in them holds links, which are secrets, and people's voices.
 */
export function makeDurableFolder(folder: string): void {
  const firstMade = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  const top = dirname(resolve(firstMade));
  for (let made = resolve(folder); made !== top; made = dirname(made)) flushNames(dirname(made));
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
