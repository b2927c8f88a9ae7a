import { execFile } from 'node:child_process';
import type { Logger } from 'pino';
import { readSupervisor } from '../settings/environment.js';

export interface Supervisor {
  /** It listens and takes pushes. From now on signs of life follow, if the supervisor wants them. */
  ready(): void;
  stopping(): void;
}

/**
 * What systemd is told (sd_notify): that the start is over, that it stops, and, several times within the time that
 * the unit's WatchdogSec allows, that the main thread still gets its turn; one that hangs is ended and started again.
 * `systemd-notify` says it, because Node has no datagram sockets of the local kind. Without systemd it does nothing.
 */
export function openSupervisor(log: Logger, supervisor = readSupervisor()): Supervisor {
  if (!supervisor) return { ready: () => undefined, stopping: () => undefined };
  const { watchdogMs } = supervisor;
  let timer: NodeJS.Timeout | undefined;
  let hasFailed = false;
  const tell = (...words: string[]): void => {
    execFile('systemd-notify', words, { timeout: 10_000 }, (error) => {
      if (!error || hasFailed) return;
      hasFailed = true;
      log.warn({ err: error }, 'systemd could not be told how it goes; is systemd-notify on the path?');
    });
  };
  return {
    ready: () => {
      tell('READY=1', 'STATUS=Pushes are taken.');
      if (watchdogMs === undefined) return;
      timer = setInterval(() => {
        tell('WATCHDOG=1');
      }, watchdogMs / 3);
    },
    stopping: () => {
      clearInterval(timer);
      tell('STOPPING=1');
    },
  };
}
