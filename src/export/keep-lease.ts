import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { JobLease, JobWork } from '../store/jobs.js';
import type { ExportProgress } from './export-progress.js';

export interface KeptLease {
  /** Aborts when the job is no longer ours, or no longer wanted. */
  readonly lost: AbortSignal;
  stop(): Promise<void>;
}

interface LeaseKeeping {
  readonly jobs: Pick<JobWork, 'progress'>;
  readonly lease: JobLease;
  readonly progress: ExportProgress;
  readonly leaseMs: number;
  readonly tickMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tells how far an export is, again and again, and hears on the way whether it is still ours. */
export function keepLease({ jobs, lease, progress, leaseMs, tickMs, clock, log }: LeaseKeeping): KeptLease {
  const lost = new AbortController();
  let until = clock() + leaseMs;
  let telling: Promise<void> | undefined;

  const tell = async (): Promise<void> => {
    const next = clock() + leaseMs;
    try {
      if (await jobs.progress(lease, progress.now, next)) until = next;
      else lost.abort();
    } catch (error) {
      log.warn({ err: error, jobId: lease.id }, 'the progress of an export could not be told');
      if (clock() >= until) lost.abort();
    }
  };
  const timer = setInterval(() => {
    telling ??= tell().finally(() => {
      telling = undefined;
    });
  }, tickMs);

  return {
    lost: lost.signal,
    stop: async () => {
      clearInterval(timer);
      await telling;
    },
  };
}
