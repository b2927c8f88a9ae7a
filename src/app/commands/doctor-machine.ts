import { accessSync, constants, existsSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './doctor-finding.js';

const lowDiskBytes = 2 * 1024 ** 3;
/** No instant before this version was written can be right. */
const earliestNow = Date.UTC(2026, 0, 1);

export function checkFolder(dataDir: string): Finding {
  const probe = join(dataDir, `.doctor-${process.pid}`);
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    writeFileSync(probe, 'x');
    unlinkSync(probe);
    return { name: 'data folder', ok: true, detail: `${dataDir} can be written` };
  } catch (error) {
    return {
      name: 'data folder',
      ok: false,
      detail: `${dataDir} cannot be written: ${(error as Error).message}`,
      remedy: existsSync(dataDir)
        ? `chown -R "$(id -u)" '${dataDir}' && chmod u+rwx '${dataDir}'`
        : `mkdir -p '${dataDir}'`,
    };
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
    return {
      name,
      ok: false,
      detail: `${folder}: ${(error as Error).message}`,
      remedy: `mkdir -p '${folder}'`,
    };
  }
}

/** Nobody needs it: without it, recordings of some formats have no waveform. */
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
