import { delimiter, isAbsolute, join } from 'node:path';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';

/** The folders in which programs lie. */
function searchPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** The supervisor that is notified of this process, where there is one: systemd, as sd_notify(3) and sd_watchdog_enabled(3) say. */
export function readSupervisor(
  environment: NodeJS.ProcessEnv = process.env,
): { readonly watchdogMs: number | undefined } | undefined {
  if (!environment['NOTIFY_SOCKET']) return undefined;
  const { WATCHDOG_USEC, WATCHDOG_PID } = environment;
  const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  const watchdogMs = isOurs && Number(WATCHDOG_USEC) > 0 ? Number(WATCHDOG_USEC) / 1000 : undefined;
  return { watchdogMs };
}

/**
 * The S3 client warns at its first use of Node versions that its later releases will leave behind. Ours is pinned, and
 * an operator can do nothing about it. Must be called before the client is loaded, in each thread.
 */
export function quietS3Client(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

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

/** The version of this Earshot, from its package. */
export const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
