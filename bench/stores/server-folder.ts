import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Kept on the disk through a restart, so it is no memory, and everybody may enter it. */
const elsewhere = '/var/tmp';

/**
 * Where a PostgreSQL of the run may keep its files: in the run's folder, beside everything else that is measured. Of
 * root's PostgreSQL runs as nobody, who must be able to get there.
 */
export function findServerFolder(runFolder: string): string {
  if (process.getuid?.() !== 0) return runFolder;
  if (!ancestorsOf(runFolder).every(isOpenToAll)) return elsewhere;
  chmodSync(runFolder, 0o711);
  return runFolder;
}

function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...ancestorsOf(parent)];
}

function isOpenToAll(folder: string): boolean {
  return (statSync(folder).mode & 0o001) !== 0;
}
