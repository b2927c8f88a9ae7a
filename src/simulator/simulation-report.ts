import type { SimulatedCall } from './call.js';
import type { FaultCounts } from './fault.js';
import type { AttemptNotice, PushEnd } from './push/run-pushes.js';
import type { PushBody } from './push/push-body.js';

/**
 * What a simulation did. Counts are of pushes that have ended, unless named otherwise; `pushes` is the sum of the
 * three ends.
 */
export interface SimulationReport {
  readonly seed: number;
  readonly calls: number;
  /** In all pushes together: more than calls when there are reports, notes and repetitions. */
  readonly messages: number;
  /** Elements of pushes that are no message: a receiver should keep each in quarantine. */
  readonly badItems: number;
  readonly pushes: number;
  readonly attempts: number;
  readonly acknowledged: number;
  /** Every attempt failed: these messages are lost to the receiver, unless it kept what it did not acknowledge. */
  readonly givenUp: number;
  /** Neither of both, because the simulation was stopped. */
  readonly stopped: number;
  /** Failed attempts by reason. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of the attempts that were answered at all within the time-out. */
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** How far the sender fell behind its own rate at worst: above some milliseconds the rate was not kept. */
  readonly behindMs: number;
  readonly seconds: number;
  /** Batches or recordings that were given each fault. */
  readonly faults: FaultCounts;
  readonly storage: StorageReport;
}

export interface StorageReport {
  readonly url: string;
  readonly requests: number;
  /** Answers by HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Recordings that were fetched whole at least once. */
  readonly fetched: number;
}

/** Counts while a simulation runs. */
export interface PushTally {
  /** Calls whose record was acknowledged in one push at least. */
  readonly acknowledgedCalls: ReadonlySet<SimulatedCall>;
  addAttempt(notice: AttemptNotice): void;
  addEnd(body: PushBody, end: PushEnd): void;
  totals(): PushTotals;
}

export type PushTotals = Pick<
  SimulationReport,
  | 'messages'
  | 'badItems'
  | 'pushes'
  | 'attempts'
  | 'acknowledged'
  | 'givenUp'
  | 'stopped'
  | 'failures'
  | 'latencyMs'
>;

export function createPushTally(): PushTally {
  const ends: Record<PushEnd, number> = { acknowledged: 0, 'given-up': 0, stopped: 0 };
  const failures: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const acknowledgedCalls = new Set<SimulatedCall>();
  let attempts = 0;
  let messages = 0;
  let badItems = 0;
  return {
    acknowledgedCalls,
    addAttempt({ result }) {
      attempts += 1;
      if (result.kind === 'failed') failures[result.reason] = (failures[result.reason] ?? 0) + 1;
      if (result.kind === 'acknowledged' || result.isAnswered) latenciesMs.push(result.latencyMs);
    },
    addEnd(body, end) {
      ends[end] += 1;
      messages += body.messages.length;
      badItems += body.badItems;
      if (end !== 'acknowledged') return;
      for (const { call, kind } of body.messages) if (kind === 'record') acknowledgedCalls.add(call);
    },
    totals: () => ({
      messages,
      badItems,
      pushes: ends.acknowledged + ends['given-up'] + ends.stopped,
      attempts,
      acknowledged: ends.acknowledged,
      givenUp: ends['given-up'],
      stopped: ends.stopped,
      failures: { ...failures },
      latencyMs: percentiles(latenciesMs),
    }),
  };
}

/** Nearest-rank percentiles to a hundredth; all 0 where there is nothing. */
export function percentiles(valuesMs: readonly number[]): SimulationReport['latencyMs'] {
  const sorted = Float64Array.from(valuesMs).sort();
  const rank = (share: number): number => {
    const value = sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
}
