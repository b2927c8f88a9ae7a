import type { SimulationOptions } from '../simulation-options.js';
import type { Wait } from '../wait.js';
import type { PlannedPush } from './plan-pushes.js';
import type { PushClient, AttemptResult } from './push-attempt.js';
import type { PushBody } from './push-body.js';

interface PushRunDeps {
  readonly client: Pick<PushClient, 'attempt'>;
  readonly wait: Wait;
  readonly stopwatch: () => number;
  /** The pushes of one batch; asked for when the batch is due, in order. */
  readonly plan: (batchIndex: number) => readonly PlannedPush[];
  readonly onAttempt: (push: PlannedPush, notice: AttemptNotice) => void;
  readonly onEnd: (push: PlannedPush, end: PushEnd) => void;
}

/**
 * Sends every batch when the rate says so, whether or not earlier ones were acknowledged (an open loop: a slow
 * receiver is not spared), except that nothing new starts while every slot is taken.
 * Resolves, once all have ended, with how far in ms the sender fell behind its rate at worst.
 */
export async function runPushes(
  options: Pick<SimulationOptions, 'calls' | 'rate' | 'batch' | 'concurrency' | 'timeScale'>,
  deps: PushRunDeps,
  signal: AbortSignal,
): Promise<number> {
  const slots = createSlots(options.concurrency);
  const batches = Math.ceil(options.calls / options.batch);
  const startedAt = deps.stopwatch();
  const running = new Set<Promise<void>>();
  let behindMs = 0;

  const { client, wait } = deps;
  const { timeScale } = options;
  async function send(push: PlannedPush): Promise<void> {
    if (push.delayMs > 0) await wait(push.delayMs, signal);
    const onAttempt = (notice: AttemptNotice): void => {
      deps.onAttempt(push, notice);
    };
    deps.onEnd(push, await deliverPush(push, { client, wait, timeScale, slots, signal, onAttempt }));
  }

  for (let batchIndex = 0; batchIndex < batches; batchIndex++) {
    const dueAt = startedAt + ((batchIndex * options.batch) / options.rate) * 1000;
    const earlyMs = dueAt - deps.stopwatch();
    if (earlyMs > 0) await deps.wait(earlyMs, signal);
    await slots.idle();
    if (signal.aborted) break;
    if (options.rate < Infinity) behindMs = Math.max(behindMs, deps.stopwatch() - dueAt);
    for (const push of deps.plan(batchIndex)) {
      const sending = send(push).finally(() => running.delete(sending));
      running.add(sending);
    }
  }
  await Promise.all(running);
  return behindMs;
}

/**
 * The life of one push, as the specification's section "Push retries" has it:
 *
 *   attempt 1 ──fails──▶ wait 60 s ──▶ attempt 2 ──fails──▶ wait 300 s ──▶ attempt 3 ──fails──▶ wait 600 s ──▶ attempt 4
 *      │                                  │                                   │                                 │    │
 *      └──────────────acknowledged────────┴───────────────────────────────────┴─────────────────────────────────┘    └─fails─▶ given up
 *
 * Each wait is counted from the failure before it and divided by the time scale. An attempt holds a slot, a wait
 * holds none. A stop ends it anywhere, as `stopped`: neither acknowledged nor given up.
 */
export type PushEnd = 'acknowledged' | 'given-up' | 'stopped';

const retryWaitsMs = [60_000, 300_000, 600_000];

export interface AttemptNotice {
  /** 1 for the first. */
  readonly attempt: number;
  readonly result: Exclude<AttemptResult, { kind: 'stopped' }>;
  /** Wait until the next attempt; absent after the last one and after a success. */
  readonly retryInMs?: number;
}

export async function deliverPush(
  body: PushBody,
  deps: {
    readonly client: Pick<PushClient, 'attempt'>;
    readonly slots: Slots;
    readonly wait: Wait;
    readonly timeScale: number;
    readonly signal: AbortSignal;
    readonly onAttempt: (notice: AttemptNotice) => void;
  },
): Promise<PushEnd> {
  for (let attempt = 1; ; attempt++) {
    const result = await deps.slots.run(() => deps.client.attempt(body, deps.signal));
    if (result.kind === 'stopped') return 'stopped';
    const waitMs = retryWaitsMs[attempt - 1];
    if (result.kind === 'acknowledged' || waitMs === undefined) {
      deps.onAttempt({ attempt, result });
      return result.kind === 'acknowledged' ? 'acknowledged' : 'given-up';
    }
    const retryInMs = waitMs / deps.timeScale;
    deps.onAttempt({ attempt, result, retryInMs });
    await deps.wait(retryInMs, deps.signal);
  }
}

/** A bounded number of things at once; those who wait are served in order. */
interface Slots {
  /** Runs `work` once a slot is free and frees it afterwards. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves once a slot is free and nobody waits for it. */
  idle(): Promise<void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const take = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const give = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async run(work) {
      await take();
      try {
        return await work();
      } finally {
        give();
      }
    },
    async idle() {
      await take();
      give();
    },
  };
}
