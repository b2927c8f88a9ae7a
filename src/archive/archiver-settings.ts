import { defaultLeaseMs, toLeaseTimes, type LeaseTimes } from '../domain/lease.js';

/** What may be tuned about archiving, and what it is if nobody does. A killed process's downloads are free again after their lease. */
export interface ArchiverSettings extends LeaseTimes {
  /** Downloads at once. */
  readonly concurrency: number;
  /** Downloads at once from one host: storage throttles whoever asks for more. */
  readonly perHost: number;
  /** How soon new work is noticed when idle. */
  readonly pollMs: number;
  /** Larger recordings are refused: 2 GiB is a day of uncompressed audio. */
  readonly maxBytes: number;
  readonly headTimeoutMs: number;
  /** Longest silence inside a body. */
  readonly idleTimeoutMs: number;
  /** Bound on one attempt; a slow storage is continued by Range in the next. */
  readonly totalTimeoutMs: number;
  /** Drafts that nobody has written to for longer belong to links that are dead: a week, and a day for late clocks. */
  readonly draftMaxAgeMs: number;
  /** IANA zone in which a recording's day folder is told. */
  readonly timeZone: string;
}

export const defaultArchiverSettings: ArchiverSettings = {
  concurrency: 8,
  perHost: 4,
  ...toLeaseTimes(defaultLeaseMs),
  pollMs: 250,
  maxBytes: 2 * 1024 ** 3,
  headTimeoutMs: 20_000,
  idleTimeoutMs: 30_000,
  totalTimeoutMs: 30 * 60_000,
  draftMaxAgeMs: 8 * 86_400_000,
  timeZone: 'Asia/Shanghai',
};
