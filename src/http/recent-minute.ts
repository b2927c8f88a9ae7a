import type { Clock } from '../domain/clock.js';

/*
 * The last minute in twelve slots of five seconds, each reused a minute later. Times go into buckets that
 * grow by an eighth of a doubling: a percentile is right within 9 %, in constant memory at any rate, where
 * keeping the times themselves would cover a blink at 20,000 a second.
 */
const slotMs = 5_000;
const slotCount = 12;
const bucketsPerDoubling = 8;
/** The smallest time told apart. */
const firstBucketMs = 0.01;
const bucketCount = 24 * bucketsPerDoubling;

interface Slot {
  /** Which five seconds since the epoch it holds; -1 for none yet. */
  period: number;
  count: number;
  maxMs: number;
  readonly buckets: Uint32Array;
}

/** How many things there were in the last minute. */
export function createRecentCount(clock: Clock) {
  const minute = createRecentTimes(clock);
  return {
    add: (count: number) => {
      minute.add(0, count);
    },
    perMinute: () => minute.read().count,
  };
}

export interface RecentTimes {
  readonly count: number;
  /** In ms; absent where there was nothing. */
  readonly p50?: number;
  readonly p99?: number;
  readonly max?: number;
}

/** How many things there were in the last minute, and how long they took. */
export function createRecentTimes(clock: Clock) {
  const slots = Array.from({ length: slotCount }, newSlot);

  function currentSlot(): Slot {
    const period = Math.floor(clock() / slotMs);
    const slot = slots[period % slotCount] ?? newSlot();
    if (slot.period !== period) {
      slot.period = period;
      slot.count = 0;
      slot.maxMs = 0;
      slot.buckets.fill(0);
    }
    return slot;
  }

  return {
    /** `count` things that took `ms` each. */
    add(ms: number, count = 1): void {
      const slot = currentSlot();
      const bucket = bucketOf(ms);
      slot.count += count;
      slot.maxMs = Math.max(slot.maxMs, ms);
      slot.buckets[bucket] = (slot.buckets[bucket] ?? 0) + count;
    },

    read(): RecentTimes {
      const oldest = Math.floor(clock() / slotMs) - slotCount + 1;
      const recent = slots.filter((slot) => slot.period >= oldest && slot.count > 0);
      const count = recent.reduce((sum, slot) => sum + slot.count, 0);
      if (count === 0) return { count };
      const max = Math.max(...recent.map((slot) => slot.maxMs));
      const percentile = (share: number) => Math.min(max, percentileOf(recent, Math.ceil(count * share)));
      return { count, p50: round(percentile(0.5)), p99: round(percentile(0.99)), max: round(max) };
    },
  };
}

function newSlot(): Slot {
  return { period: -1, count: 0, maxMs: 0, buckets: new Uint32Array(bucketCount) };
}

function bucketOf(ms: number): number {
  const bucket = Math.ceil(Math.log2(Math.max(ms, firstBucketMs) / firstBucketMs) * bucketsPerDoubling);
  return Math.min(bucket, bucketCount - 1);
}

/** The upper bound of the bucket in which the `rank`-th smallest time lies. */
function percentileOf(slots: readonly Slot[], rank: number): number {
  let seen = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    for (const slot of slots) seen += slot.buckets[bucket] ?? 0;
    if (seen >= rank) return firstBucketMs * 2 ** (bucket / bucketsPerDoubling);
  }
  return Infinity;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
