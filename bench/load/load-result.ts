import type { RecordableHistogram } from 'node:perf_hooks';

/** What a run of the load generator found. Rates and latencies are of the measured part, counts of all of it. */
export interface LoadResult {
  readonly acknowledged: number;
  /** Pushes that ended otherwise: by HTTP status, or `broken`. */
  readonly others: Readonly<Record<string, number>>;
  readonly measuredSeconds: number;
  readonly acknowledgedPerSecond: number;
  readonly latencyMs: Latency;
  /** Processor time of the generator, per push. */
  readonly generatorMicroseconds: number;
  /** Messages 0 up to here have been sent. */
  readonly messages: number;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Of a histogram in microseconds. */
export function toLatency(histogram: RecordableHistogram): Latency {
  if (histogram.count === 0) return { p50: 0, p99: 0, p999: 0, max: 0 };
  const at = (percentile: number): number => histogram.percentile(percentile) / 1000;
  return { p50: at(50), p99: at(99), p999: at(99.9), max: histogram.max / 1000 };
}
