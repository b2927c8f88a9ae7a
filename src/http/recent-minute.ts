import type { Clock } from '../domain/clock.js';
import { addTime, newTimeBuckets, roundMs, timeOfRank, type TimeBuckets } from './time-buckets.js';

/** The last minute in twelve slots of five seconds, each reused a minute later. */
const slotMs = 5_000;
const slotCount = 12;

interface Slot {
  /** Which five seconds since the epoch it holds; -1 for none yet. */
  period: number;
  count: number;
  maxMs: number;
  readonly buckets: TimeBuckets;
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
      slot.count += count;
      slot.maxMs = Math.max(slot.maxMs, ms);
      addTime(slot.buckets, ms, count);
    },

    read(): RecentTimes {
      const oldest = Math.floor(clock() / slotMs) - slotCount + 1;
      const recent = slots.filter((slot) => slot.period >= oldest && slot.count > 0);
      const count = recent.reduce((sum, slot) => sum + slot.count, 0);
      if (count === 0) return { count };
      const max = Math.max(...recent.map((slot) => slot.maxMs));
      const buckets = recent.map((slot) => slot.buckets);
      const percentile = (share: number) =>
        roundMs(Math.min(max, timeOfRank(buckets, Math.ceil(count * share))));
      return { count, p50: percentile(0.5), p99: percentile(0.99), max: roundMs(max) };
    },
  };
}

function newSlot(): Slot {
  return { period: -1, count: 0, maxMs: 0, buckets: newTimeBuckets() };
}
