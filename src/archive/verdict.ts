import type { Random } from '../domain/clock.js';
import type { DownloadReason, DownloadVerdict } from '../domain/recording.js';
import { lateAttemptAt, nextAttemptAt } from '../domain/retry-schedule.js';
import { spellingsOf } from '../protocol/link-spelling.js';
import type { ClaimedDownload } from '../store/recordings.js';
import type { Failure } from './classify-failure.js';

export type DownloadResult =
  Extract<DownloadVerdict, { kind: 'archived' }> | { readonly kind: 'failed'; readonly failure: Failure };

/** Of an attempt that has ended. */
export interface Ended {
  readonly result: DownloadResult;
  /** When it began, by this machine's clock. */
  readonly at: number;
  /** The storage's own clock, where it answered and said. */
  readonly saidAt?: number;
}

type Claimed = Pick<ClaimedDownload, 'attempts' | 'lateAttempts' | 'deadlineAt' | 'firstReceivedAt' | 'link'>;

/**
 * What the result of an attempt makes of its recording.
 *
 * A deadline is what a link said, what a sender wrote, or what we assumed, and it is over by a clock that may be wrong.
 * So nothing is lost because it has passed: the storage is asked once more behind it, and what it says then counts. Where
 * it is away just then, it is asked a few times more; where its own clock says that it is earlier, that is believed.
 */
export function toVerdict(claimed: Claimed, ended: Ended, now: number, random: Random): DownloadVerdict {
  const { result } = ended;
  if (result.kind === 'archived') return result;
  const { outcome, reason, waitsUntil } = result.failure;
  if (waitsUntil !== undefined) return { kind: 'put-off', nextAttemptAt: waitsUntil, reason };
  switch (outcome) {
    case 'aborted':
      return { kind: 'released' };
    case 'refuse':
      return { kind: reason === 'expired' ? 'lost' : 'blocked', reason };
    case 'retry': {
      const isLate = ended.at >= claimed.deadlineAt;
      const at = isLate
        ? afterDeadline(claimed, ended, result.failure, now, random)
        : beforeDeadline(claimed, result.failure, now, random);
      return at === undefined
        ? { kind: 'lost', reason: 'deadline-passed' }
        : { kind: 'retry', nextAttemptAt: at };
    }
  }
}

/** So long after the deadline the storage is asked once more. */
const behindDeadlineMs = 1_000;

function beforeDeadline(claimed: Claimed, failure: Failure, now: number, random: Random): number {
  return (
    scheduled(claimed, failure, now, claimed.deadlineAt, random) ??
    Math.max(claimed.deadlineAt, now) + behindDeadlineMs
  );
}

/** The storage has spoken of the recording itself, and would not say otherwise a moment later. */
const definite: ReadonlySet<DownloadReason> = new Set([
  ...(['forbidden', 'not-found', 'unexpected-status', 'redirect', 'not-audio', 'too-large'] as const),
]);

/** It was not the recording's storage that failed, but ours: what that would say nobody knows yet. */
const ownFailures: ReadonlySet<DownloadReason> = new Set(['no-space', 'storage-failed'] as const);

const dayMs = 86_400_000;

function afterDeadline(
  claimed: Claimed,
  { saidAt }: Ended,
  failure: Failure,
  now: number,
  random: Random,
): number | undefined {
  const { attempts, deadlineAt, firstReceivedAt, link } = claimed;
  // What is held outlives its link. Until that dies the pace is the usual one: should this machine die first, another
  // has time to download the recording.
  if (failure.isHeld || ownFailures.has(failure.reason))
    return scheduled(claimed, failure, now, Infinity, random);
  // A clock from before the recording is one that stands still.
  if (saidAt !== undefined && saidAt < deadlineAt && saidAt > firstReceivedAt - dayMs) {
    return (
      scheduled(claimed, failure, now, now + deadlineAt - saidAt, random) ??
      now + deadlineAt - saidAt + behindDeadlineMs
    );
  }
  const isAskedInEveryWay = attempts + 1 >= spellingsOf(link).length;
  if (definite.has(failure.reason) && isAskedInEveryWay) return undefined;
  const { retryAfterMs } = failure;
  const late = { lateAttempts: claimed.lateAttempts + 1, now };
  return lateAttemptAt(retryAfterMs === undefined ? late : { ...late, retryAfterMs }, random);
}

function scheduled(
  { attempts }: Claimed,
  { retryAfterMs, pace }: Failure,
  now: number,
  deadlineAt: number,
  random: Random,
): number | undefined {
  const request = {
    ...{ attempts: attempts + 1, now, deadlineAt },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(pace === undefined ? {} : { pace }),
  };
  return nextAttemptAt(request, random);
}
