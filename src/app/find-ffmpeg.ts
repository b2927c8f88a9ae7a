import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { searchPath } from './config.js';

/** Where this machine has ffmpeg; undefined where it has none. A folder relative to wherever we were started is not asked. */
export function findFfmpeg(folders: readonly string[] = searchPath()): string | undefined {
  return folders
    .filter(isAbsolute)
    .map((folder) => join(folder, 'ffmpeg'))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
