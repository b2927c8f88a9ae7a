import { closeSync, fsync, openSync, fsyncSync, mkdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StorageError, toStorageError } from './asset-storage.js';

/**
 * Makes renames durable: a file's new name is safe only once its folder has been fsynced. One fsync covers every
 * rename before it, so commits that end while one is running share the next instead of queueing one each.
 */
export class FolderSync {
  readonly #folders = new Map<string, { running: Promise<void>; next?: Promise<void> }>();

  /** Resolves when everything that was renamed in the folder before this call is durable. */
  sync(folder: string): Promise<void> {
    const current = this.#folders.get(folder);
    if (!current) return this.#start(folder);
    // The one that runs may have started before our rename; the next one has not.
    current.next ??= current.running.then(
      () => this.#start(folder),
      () => this.#start(folder),
    );
    return current.next;
  }

  #start(folder: string): Promise<void> {
    const running = fsyncFolder(folder);
    const entry: { running: Promise<void>; next?: Promise<void> } = { running };
    this.#folders.set(folder, entry);
    const forget = () => {
      if (this.#folders.get(folder) === entry && !entry.next) this.#folders.delete(folder);
    };
    running.then(forget, forget);
    return running;
  }
}

/** Opening and closing a folder never waits for the disk: only the fsync is worth a trip to the thread pool. */
function fsyncFolder(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fd = openSync(folder, 'r');
    fsync(fd, (error) => {
      closeSync(fd);
      if (error) reject(toSyncError(folder, error));
      else resolve();
    });
  });
}

/** Of a share, or another file system that makes no names durable, the one who runs Earshot must know. */
function toSyncError(folder: string, error: NodeJS.ErrnoException): StorageError {
  const { code = 'unknown' } = error;
  return new StorageError(
    'io-failed',
    `the folder ${folder} cannot be flushed to its disk (${code}), so that a loss of power could take recordings: ` +
      'set EARSHOT_STORAGE_URL to a folder on a local disk, or to an object storage',
    { cause: error },
  );
}

/** Makes a folder and those above it; each name made is durable when this resolves. */
export async function makeFolder(folder: string, folders: FolderSync): Promise<void> {
  try {
    const firstMade = await mkdir(folder, { recursive: true });
    if (firstMade === undefined) return;
    const top = dirname(resolve(firstMade));
    for (let made = folder; made !== top; made = dirname(made)) await folders.sync(dirname(made));
  } catch (error) {
    throw toStorageError(error, 'making a folder');
  }
}

export function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

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
