/** What a source may do. What is absent has no bound of its own. */
export interface SourceLimit {
  /** Bytes of bodies, as they came, that are acknowledged in one day. */
  readonly pushBytesPerDay?: number;
  /** Bytes that downloads of its recordings bring in one day before the rest waits. */
  readonly recordingBytesPerDay?: number;
  /** Hosts that its links may lead to, as patterns; of those that all sources may. */
  readonly recordingHosts?: readonly string[];
}

export interface WaitingDownload {
  readonly deadlineAt: number;
  readonly now: number;
  /** What its source has brought today, and may. */
  readonly recordingBytes: number;
  readonly recordingBytesPerDay: number | undefined;
}

/** What waits for its source's next day is looked at again after this time: the limit may have been raised. */
const lookAgainMs = 3_600_000;
/** A link that dies in this time has no other day. */
const lastHoursMs = 6 * 3_600_000;

/**
 * Until when a download waits because of its source; undefined where it does not.
 *
 *   up to the limit         nothing waits
 *   up to twice the limit   only what has time: in the last hours of its link a recording is fetched, so that none is
 *                           given up for a limit
 *   beyond                  everything. Whoever makes the links says when they die: without an end, a limit would be none
 */
export function waitsUntil(waiting: WaitingDownload): number | undefined {
  const { deadlineAt, now, recordingBytes, recordingBytesPerDay = Infinity } = waiting;
  if (recordingBytes < recordingBytesPerDay) return undefined;
  if (recordingBytes >= 2 * recordingBytesPerDay) return now + lookAgainMs;
  const lastHoursAt = deadlineAt - lastHoursMs;
  return lastHoursAt <= now ? undefined : Math.min(lastHoursAt, now + lookAgainMs);
}
