import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCopyFinished } from '../../store/sqlite/open-copy.js';
import { sqliteFilesIn } from '../../store/sqlite/sqlite-files.js';
import { flushNames } from '../durable-folder.js';
import { makingFolderIn } from './store-ends.js';

/**
 * Puts an embedded store that was made beside it in its place. What lay there before, an older state from before an
 * earlier move, is set aside, not deleted. Repeated after an interruption it does what is left to do.
 * @returns the folder that older files were set aside in.
 */
export function installEmbedded(dataDir: string, now: number): string | undefined {
  const making = makingFolderIn(dataDir);
  const from = sqliteFilesIn(making);
  const to = sqliteFilesIn(dataDir);
  if (existsSync(making) && !isCopyFinished(making)) throw new Error(`${making} holds no whole copy`);
  const aside = join(dataDir, `before-move-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`);
  let isSetAside = false;
  // The store last: while it is missing, everybody sees that this is no store yet.
  for (const name of ['inbox', 'store'] as const) {
    if (!existsSync(from[name])) continue;
    if (existsSync(`${from[name]}-wal`)) throw new Error(`${from[name]} is not closed`);
    for (const old of [to[name], `${to[name]}-wal`, `${to[name]}-shm`]) {
      if (!existsSync(old)) continue;
      mkdirSync(aside, { recursive: true, mode: 0o700 });
      renameSync(old, join(aside, basename(old)));
      isSetAside = true;
    }
    renameSync(from[name], to[name]);
    flushNames(dataDir);
  }
  rmSync(making, { recursive: true, force: true });
  return isSetAside ? aside : undefined;
}
