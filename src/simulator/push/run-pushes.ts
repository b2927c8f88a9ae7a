import type { SimulationOptions } from '../simulation-options.js';
import type { Wait } from '../wait.js';
import { deliverPush } from './deliver-push.js';
import type { AttemptNotice, PushEnd } from './deliver-push.js';
import type { PlannedPush } from './plan-pushes.js';
import type { PushClient } from './push-attempt.js';
import { createSlots } from './slots.js';

export interface PushRunDeps {
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
