import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program that a test drives is on this machine. */
export function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}
