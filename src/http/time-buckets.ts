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

export function newTimeBuckets(): TimeBuckets {
  return new Uint32Array(bucketCount);
}

/** `count` times of `ms` each. */
export function addTime(buckets: TimeBuckets, ms: number, count = 1): void {
  const bucket = bucketOf(ms);
  buckets[bucket] = (buckets[bucket] ?? 0) + count;
}

/** The upper bound, in ms, of the bucket in which the `rank`-th smallest time of all lies. */
export function timeOfRank(all: readonly TimeBuckets[], rank: number): number {
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
export function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
