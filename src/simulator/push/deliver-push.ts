import type { Wait } from '../wait.js';
import type { AttemptResult, PushClient } from './push-attempt.js';
import type { PushBody } from './push-body.js';
import type { Slots } from './slots.js';

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
