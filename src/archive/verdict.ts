import type { Random } from '../domain/clock.js';
import type { DownloadVerdict } from '../domain/recording.js';
import { nextAttemptAt } from '../domain/retry-schedule.js';
import type { ClaimedDownload } from '../store/recordings.js';
import type { Failure } from './classify-failure.js';

export type DownloadResult =
  Extract<DownloadVerdict, { kind: 'archived' }> | { readonly kind: 'failed'; readonly failure: Failure };

/** What the result of an attempt makes of its recording. */
export function toVerdict(
  claimed: Pick<ClaimedDownload, 'attempts' | 'deadlineAt'>,
  result: DownloadResult,
  now: number,
  random: Random,
): DownloadVerdict {
  if (result.kind === 'archived') return result;
  const { outcome, reason, retryAfterMs, pace, isHeld } = result.failure;
  switch (outcome) {
    case 'aborted':
      return { kind: 'released' };
    case 'refuse':
      return { kind: reason === 'expired' ? 'lost' : 'blocked', reason };
    case 'retry': {
      const request = {
        attempts: claimed.attempts + 1,
        now,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(pace === undefined ? {} : { pace }),
      };
      const { deadlineAt } = claimed;
      const at =
        nextAttemptAt({ ...request, deadlineAt }, random) ??
        // What is held outlives its link. Until that dies the pace is the usual one: should this machine die first,
        // another has time to download the recording.
        (isHeld ? nextAttemptAt({ ...request, deadlineAt: Infinity }, random) : undefined);
      return at === undefined
        ? { kind: 'lost', reason: 'deadline-passed' }
        : { kind: 'retry', nextAttemptAt: at };
    }
  }
}

/** The deadline has passed, tries were made, and nobody asked for another: lost, without a request. */
export function isPastHope(claimed: ClaimedDownload, now: number): boolean {
  return now >= claimed.deadlineAt && claimed.attempts > 0 && !claimed.forced;
}
