import type { Logger } from 'pino';

/** A thread of ours is gone that nobody can bring back: whoever supervises the process can. */
export function stopForSupervisor(error: Error, log: Logger): void {
  log.fatal({ err: error }, 'A thread of the store died. Earshot stops: a supervisor should start it again.');
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}
