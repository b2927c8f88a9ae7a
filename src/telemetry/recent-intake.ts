import type { Clock } from '../domain/clock.js';

const stretchMs = 10_000;
const maxStretches = 360;

/** What happened in one stretch of ten seconds. */
export interface IntakeSample {
  /** Its end, in ms. */
  readonly at: number;
  readonly pushes: number;
  readonly messages: number;
  /** Of acknowledgements; absent where there was none. */
  readonly ackP50Ms?: number;
  readonly ackP99Ms?: number;
}

export interface RecentHour {
  /** A push was acknowledged within `ms`. */
  pushed(ms: number): void;
  sorted(messages: number): void;
  /** Every stretch that is over, of the last hour and since the beginning, oldest first. */
  read(): IntakeSample[];
}

interface Stretch {
  pushes: number;
  messages: number;
  readonly times: TimeBuckets;
}

/** The last hour for a curve. A stretch becomes a few numbers once it is over, so an hour costs some kilobytes. */
export function createRecentHour(clock: Clock): RecentHour {
  const samples: IntakeSample[] = [];
  const times = newTimeBuckets();
  const current: Stretch = { pushes: 0, messages: 0, times };
  let period = periodOf(clock());

  /** Ends the stretches that are over; those in which nothing happened are samples, too. */
  function goOn(): void {
    const now = periodOf(clock());
    // A clock that was set back goes on in the stretch that it had come to.
    if (now <= period) return;
    samples.push(toSample(current, period));
    clear(current);
    // After a pause of more than an hour nothing before it is shown.
    for (let over = Math.max(period + 1, now - maxStretches); over < now; over++) {
      samples.push({ at: (over + 1) * stretchMs, pushes: 0, messages: 0 });
    }
    samples.splice(0, samples.length - maxStretches);
    period = now;
  }

  return {
    pushed(ms) {
      goOn();
      current.pushes++;
      addTime(times, ms);
    },
    sorted(messages) {
      goOn();
      current.messages += messages;
    },
    read() {
      goOn();
      return [...samples];
    },
  };
}

function periodOf(at: number): number {
  return Math.floor(at / stretchMs);
}

function toSample({ pushes, messages, times }: Stretch, period: number): IntakeSample {
  const percentile = (share: number) => roundMs(timeOfRank([times], Math.ceil(pushes * share)));
  return {
    ...{ at: (period + 1) * stretchMs, pushes, messages },
    ...(pushes === 0 ? {} : { ackP50Ms: percentile(0.5), ackP99Ms: percentile(0.99) }),
  };
}

function clear(stretch: Stretch): void {
  stretch.pushes = 0;
  stretch.messages = 0;
  stretch.times.fill(0);
}

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

/*
 * Times go into buckets that grow by an eighth of a doubling: a percentile is right within 9 %, in constant memory at
 * any rate, where keeping the times themselves would cover a blink at 20,000 a second.
 */
const bucketsPerDoubling = 8;
/** The smallest time told apart. */
const firstBucketMs = 0.01;
const bucketCount = 24 * bucketsPerDoubling;

/** How many times fell into each bucket. */
export type TimeBuckets = Uint32Array;

function newTimeBuckets(): TimeBuckets {
  return new Uint32Array(bucketCount);
}

/** `count` times of `ms` each. */
function addTime(buckets: TimeBuckets, ms: number, count = 1): void {
  const bucket = bucketOf(ms);
  buckets[bucket] = (buckets[bucket] ?? 0) + count;
}

/** The upper bound, in ms, of the bucket in which the `rank`-th smallest time of all lies. */
function timeOfRank(all: readonly TimeBuckets[], rank: number): number {
  let seen = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    for (const buckets of all) seen += buckets[bucket] ?? 0;
    if (seen >= rank) return firstBucketMs * 2 ** (bucket / bucketsPerDoubling);
  }
  return Infinity;
}

function bucketOf(ms: number): number {
  const bucket = Math.ceil(Math.log2(Math.max(ms, firstBucketMs) / firstBucketMs) * bucketsPerDoubling);
  return Math.min(bucket, bucketCount - 1);
}

/** To hundredths: more would be a precision that the buckets do not have. */
function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
