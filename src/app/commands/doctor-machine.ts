import { accessSync, constants, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const lowDiskBytes = 2 * 1024 ** 3;
/** No instant before this version was written can be right. */
const earliestNow = Date.UTC(2026, 0, 1);

export function checkFolder(dataDir: string): Finding {
  const name = 'data folder';
  const probe = join(dataDir, `.doctor-${process.pid}`);
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    writeFileSync(probe, 'x');
    return { name, ok: true, detail: `${dataDir} can be written` };
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    const detail = `${dataDir} cannot be written: ${message}`;
    return { name, ok: false, detail, remedy: remedyForFolder(dataDir, code) };
  } finally {
    // Of a disk that was full there is an empty one.
    removeIfThere(probe);
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where nothing could be written nothing is left behind.
  }
}

export function remedyForFolder(folder: string, code: string): string {
  switch (code) {
    case 'ENOENT':
      return `mkdir -p '${folder}'`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `ls -ld '${folder}'   # a file lies where the folder is to be: move it away`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `df -h '${folder}'; df -i '${folder}'   # then free space, or move the folder with EARSHOT_DATA_DIR`;
    case 'EROFS':
      return `findmnt -T '${folder}'   # it is mounted read-only: mount -o remount,rw, or look at the system log for why`;
    case 'EIO':
      return `dmesg | tail   # the disk does not work`;
    default:
      return `chown -R "$(id -u)" '${folder}' && chmod u+rwx '${folder}'`;
  }
}

export function checkDisk(name: string, folder: string): Finding {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
    if (free >= lowDiskBytes) return { name, ok: true, detail };
    return {
      name,
      ok: false,
      detail,
      remedy: `du -xh --max-depth=1 '${folder}' | sort -h   # then free space, or move it with EARSHOT_DATA_DIR or EARSHOT_STORAGE_URL`,
    };
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    return { name, ok: false, detail: `${folder}: ${message}`, remedy: remedyForFolder(folder, code) };
  }
}

/** Optional: without it, recordings of some formats have no waveform. */
export function checkFfmpeg(file: string | undefined): Finding {
  const detail =
    file === undefined
      ? 'not on the path: waveforms of WAV and MP3 recordings only'
      : `waveforms of what is neither WAV nor MP3 are made by ${file}`;
  return { name: 'ffmpeg', ok: true, detail };
}

export function checkClock(now: number): Finding {
  const detail = `it is ${new Date(now).toISOString()}`;
  // Deadlines are instants: a clock that is wrong loses recordings without a word.
  if (now >= earliestNow) return { name: 'clock', ok: true, detail };
  return {
    name: 'clock',
    ok: false,
    detail: `${detail}, which is in the past`,
    remedy: 'timedatectl set-ntp true',
  };
}

/** The `Date` of an answer has whole seconds, and is some time on its way. */
const mostStorageClockMs = 5_000;

/** Links die by the clock of a storage, and one that is far off refuses every signature. */
export function checkStorageClock(aheadMs: number): Finding {
  const name = 'clock of the storage';
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const detail = `it is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} ours`;
  if (Math.abs(aheadMs) <= mostStorageClockMs) return { name, ok: true, detail };
  return {
    name,
    ok: false,
    detail,
    remedy: 'timedatectl set-ntp true   # here; look at the storage if ours is right',
  };
}

/** One thing looked at. Where it is not well, `remedy` is the command that mends it. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}
