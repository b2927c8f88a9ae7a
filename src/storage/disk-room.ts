import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What is kept free for the store, and on which disk. */
export interface DiskReserve {
  /** Where pushes and the store lie: a disk that does not hold this folder may be filled to its end. */
  readonly dataDir: string;
  /** What a day of pushes takes there. */
  readonly dayBytes: () => Promise<number>;
}

export interface DiskRoom {
  readonly freeBytes: number;
  /** Kept for pushes, and what becomes of them. */
  readonly reservedBytes: number;
  /** What anything else may still take. */
  readonly roomBytes: number;
}

const reservedShare = 0.05;
const leastReservedBytes = 1024 ** 3;

/**
 * A link lives seven days and a push that is refused comes again for sixteen minutes. So whatever competes with pushes
 * for the disk stops while a reserve is free, and pushes may use all of it: 5 % of the disk, at least 1 GiB or a day of
 * pushes, whichever is larger; of a small disk half at most, else nothing would be archived there.
 */
export function reserveOf(diskBytes: number, dayBytes: number): number {
  return Math.floor(
    Math.min(diskBytes / 2, Math.max(reservedShare * diskBytes, leastReservedBytes, dayBytes)),
  );
}

/** Of the disk that the folder lies on, or would; without `reserve` as if the store lay there, too. Rejects as `statfs` does. */
export async function measureRoom(folder: string, reserve?: DiskReserve): Promise<DiskRoom> {
  const { bavail, blocks, bsize } = await statfs(await findThere(folder));
  const freeBytes = bavail * bsize;
  const isShared = reserve === undefined || (await isOneDisk(folder, reserve.dataDir));
  const reservedBytes = isShared ? reserveOf(blocks * bsize, (await reserve?.dayBytes()) ?? 0) : 0;
  return { freeBytes, reservedBytes, roomBytes: Math.max(0, freeBytes - reservedBytes) };
}

async function isOneDisk(folder: string, other: string): Promise<boolean> {
  try {
    const [one, another] = await Promise.all([stat(await findThere(folder)), stat(await findThere(other))]);
    return one.dev === another.dev;
  } catch {
    return true;
  }
}

/** The folder, or the nearest above it that is there: whoever removes one must not make the figures fail. */
async function findThere(folder: string): Promise<string> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const isThere = await stat(path).then(
      () => true,
      () => path === dirname(path),
    );
    if (isThere) return path;
  }
}
