import type { Clock } from '../domain/clock.js';
import { toExpectedCall, type ExpectedCall } from './expected-call.js';
import { type AttemptNotice, runPushes } from './push/run-pushes.js';
import { createPushClient, type PushClient } from './push/push-attempt.js';
import type { PushBody } from './push/push-body.js';
import type { SimulationEvent } from './simulation-event.js';
import { completeOptions, type SimulationOptions, type SimulationRequest } from './simulation-options.js';
import { createPushTally, type SimulationReport } from './simulation-report.js';
import { openSimulatedStorage, type SimulatedStorage } from './storage/simulated-storage.js';
import { createStop, waitForReal, type Wait } from './wait.js';
import { type SimulatedCall, makeCall } from './call.js';
import { countFault, type FaultCounts } from './fault.js';
import { createPushPlanner, type PlannedPush } from './push/plan-pushes.js';
import { drawWhole, seededRandom } from './seeded-random.js';

export interface SimulatorDeps {
  readonly clock: Clock;
  /** Milliseconds since any fixed moment, for latencies and the rate. Default: `performance.now`. */
  readonly stopwatch?: () => number;
  readonly wait?: Wait;
  readonly onEvent?: (event: SimulationEvent) => void;
}

/** A sender with a storage of its own. Links are served from opening to `close`, long after the pushing. */
export interface Simulator {
  readonly seed: number;
  /** `http://HOST:PORT` of the storage; what links begin with unless `storageOrigin` says otherwise. */
  readonly storageUrl: string;
  /**
   * Makes the calls and pushes them; resolves when every push is acknowledged or given up, or soon after the signal
   * aborts. Once per simulator.
   */
  run(signal?: AbortSignal): Promise<SimulationReport>;
  /**
   * Resolves with true once every acknowledged recording that can be had was fetched whole; with false when nobody
   * has asked for any recording for `idleMs`, or the signal aborts.
   */
  untilFetched(idleMs: number, signal?: AbortSignal): Promise<boolean>;
  /** The report so far. */
  report(): SimulationReport;
  /** Every call made so far and what should have become of it; hashes their audio, so it may take a while. */
  expected(): Promise<ExpectedCall[]>;
  /** Stops the run, if it still runs, and the serving of links. */
  close(): Promise<void>;
}

/** Checks the request (SimulationOptionError) and opens the storage; rejects if that cannot listen. */
export async function openSimulator(request: SimulationRequest, given: SimulatorDeps): Promise<Simulator> {
  const options = completeOptions(request);
  const seed = options.seed ?? given.clock() % 2_147_483_648;
  const deps = { stopwatch: () => performance.now(), wait: waitForReal, onEvent: () => undefined, ...given };
  return new Simulation(options, seed, deps, await openSimulatedStorage(options, seed, deps));
}

class Simulation implements Simulator {
  readonly #stop = createStop();
  readonly #tally = createPushTally();
  readonly #client: PushClient;
  readonly #source: BatchSource;
  #running: Promise<SimulationReport> | undefined;
  #startedAt: number | undefined;
  #endedAt: number | undefined;
  #behindMs = 0;

  constructor(
    private readonly options: SimulationOptions,
    readonly seed: number,
    private readonly deps: Required<SimulatorDeps>,
    private readonly storage: SimulatedStorage,
  ) {
    this.#client = createPushClient({ ...options, stopwatch: deps.stopwatch });
    this.#source = createBatchSource(options, seed, { ...deps, storage });
  }

  get storageUrl(): string {
    return this.storage.url;
  }

  run(signal?: AbortSignal): Promise<SimulationReport> {
    if (this.#running !== undefined) throw new Error('a simulator runs once: open another one');
    const abort = (): void => {
      this.#stop.abort();
    };
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    this.#running = this.#push().finally(() => signal?.removeEventListener('abort', abort));
    return this.#running;
  }

  async #push(): Promise<SimulationReport> {
    const { deps } = this;
    this.#startedAt = deps.stopwatch();
    this.#behindMs = await runPushes(
      this.options,
      {
        ...deps,
        client: this.#client,
        plan: (batchIndex) => this.#source.plan(batchIndex),
        onAttempt: (push, notice) => {
          this.#tally.addAttempt(notice);
          deps.onEvent(toAttemptEvent(push, notice));
        },
        onEnd: (push, end) => {
          this.#tally.addEnd(push, end);
        },
      },
      this.#stop.signal,
    );
    this.#endedAt = deps.stopwatch();
    return this.report();
  }

  untilFetched(idleMs: number, signal = new AbortController().signal): Promise<boolean> {
    return untilFetched(this.#tally.acknowledgedCalls, {
      ...this.deps,
      storage: this.storage,
      idleMs,
      signal,
    });
  }

  report(): SimulationReport {
    const ranMs = (this.#endedAt ?? this.deps.stopwatch()) - (this.#startedAt ?? this.deps.stopwatch());
    return {
      seed: this.seed,
      calls: this.#source.calls.length,
      ...this.#tally.totals(),
      behindMs: Math.round(this.#behindMs),
      seconds: Math.max(ranMs, 0) / 1000,
      faults: { ...this.#source.faults },
      storage: this.storage.report(),
    };
  }

  async expected(): Promise<ExpectedCall[]> {
    // One after another: each digest holds a chunk of audio, and there may be a hundred thousand calls.
    const expected: ExpectedCall[] = [];
    for (const call of this.#source.calls) {
      const isAcknowledged = this.#tally.acknowledgedCalls.has(call);
      expected.push(await toExpectedCall(call, this.storage.get(call), isAcknowledged));
    }
    return expected;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    // Whoever called `run` hears of its failure; here it only matters that it is over.
    await this.#running?.catch(() => undefined);
    await Promise.all([this.#client.close(), this.storage.close()]);
  }
}

function toAttemptEvent(push: PushBody, { attempt, result, retryInMs }: AttemptNotice): SimulationEvent {
  return {
    kind: 'attempt',
    attempt,
    callIds: push.messages.map(({ call }) => call.callId),
    acknowledged: result.kind === 'acknowledged',
    latencyMs: result.latencyMs,
    ...(result.kind === 'failed' ? { reason: result.reason } : {}),
    ...(retryInMs === undefined ? {} : { retryInMs }),
  };
}

const lookEveryMs = 100;

/**
 * Resolves with true once each of the calls' recordings was fetched whole (dead links aside); with false when
 * nobody has asked for any recording for `idleMs`, or the signal aborts.
 */
async function untilFetched(
  calls: Iterable<SimulatedCall>,
  deps: {
    storage: Pick<SimulatedStorage, 'get' | 'lastAnswerAt'>;
    stopwatch: () => number;
    wait: Wait;
    idleMs: number;
    signal: AbortSignal;
  },
): Promise<boolean> {
  const startedAt = deps.stopwatch();
  const missing = new Set([...calls].filter((call) => !call.storageFaults.includes('expired')));
  while (!deps.signal.aborted) {
    for (const call of missing) if (deps.storage.get(call).fetched) missing.delete(call);
    if (missing.size === 0) return true;
    if (deps.stopwatch() - Math.max(startedAt, deps.storage.lastAnswerAt()) >= deps.idleMs) return false;
    await deps.wait(lookEveryMs, deps.signal);
  }
  return false;
}

/** Where pushes come from: calls end, their recordings go into the storage, their messages into pushes. */
interface BatchSource {
  /** Every call so far. */
  readonly calls: readonly SimulatedCall[];
  readonly faults: FaultCounts;
  /** Ends the calls of batch `batchIndex` now and puts their messages into pushes. In order, each batch once. */
  plan(batchIndex: number): PlannedPush[];
}

function createBatchSource(
  options: SimulationOptions,
  seed: number,
  deps: {
    clock: Clock;
    storage: Pick<SimulatedStorage, 'put' | 'linkTo'>;
    onEvent: (event: SimulationEvent) => void;
  },
): BatchSource {
  const faults: FaultCounts = {};
  const calls: SimulatedCall[] = [];
  const planner = createPushPlanner(options, seed, { linkTo: deps.storage.linkTo, faultCounts: faults });

  /** A call that ended up to two seconds ago, at a whole second as all of the vendor's times. */
  function endCall(index: number): SimulatedCall {
    const agoMs = drawWhole(seededRandom(seed, 'ended', index), 0, 2000);
    const call = makeCall(options, seed, index, Math.floor((deps.clock() - agoMs) / 1000) * 1000);
    deps.storage.put(call);
    calls.push(call);
    for (const fault of call.storageFaults) countFault(faults, fault);
    return call;
  }

  return {
    calls,
    faults,
    plan(batchIndex) {
      const first = batchIndex * options.batch;
      const last = Math.min(first + options.batch, options.calls);
      const batch = Array.from({ length: last - first }, (_, place) => endCall(first + place));
      const pushes = planner.plan(batchIndex, batch);
      deps.onEvent({ kind: 'progress', calls: calls.length, ofCalls: options.calls });
      return pushes;
    },
  };
}
