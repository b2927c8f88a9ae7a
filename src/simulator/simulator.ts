import type { Clock } from '../domain/clock.js';
import { createBatchSource } from './batch-source.js';
import type { BatchSource } from './batch-source.js';
import { toExpectedCall } from './expected-call.js';
import type { ExpectedCall } from './expected-call.js';
import type { AttemptNotice } from './push/deliver-push.js';
import { createPushClient } from './push/push-attempt.js';
import type { PushClient } from './push/push-attempt.js';
import type { PushBody } from './push/push-body.js';
import { runPushes } from './push/run-pushes.js';
import type { SimulationEvent } from './simulation-event.js';
import { completeOptions } from './simulation-options.js';
import type { SimulationOptions, SimulationRequest } from './simulation-options.js';
import { createPushTally } from './simulation-report.js';
import type { SimulationReport } from './simulation-report.js';
import { openSimulatedStorage } from './storage/simulated-storage.js';
import type { SimulatedStorage } from './storage/simulated-storage.js';
import { untilFetched } from './until-fetched.js';
import { createStop, waitForReal } from './wait.js';
import type { Wait } from './wait.js';

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
