import { setTimeout as wait } from 'node:timers/promises';

export interface ConsumerLoop {
  /** Does one batch; true where there may be more at once. */
  readonly step: () => Promise<boolean>;
  /** Wait when there was nothing to do. */
  readonly idleMs: number;
  /** Wait after a failure: the store is full or away, and asking in a tight loop helps nobody. */
  readonly failureMs: number;
  readonly onFailure: (error: unknown) => void;
}

/** Runs a consumer until `signal` aborts: a failed step is reported and tried again, for ever. */
export async function runConsumer(
  { step, idleMs, failureMs, onFailure }: ConsumerLoop,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let pauseMs = idleMs;
    try {
      if (await step()) continue;
    } catch (error) {
      if (signal.aborted) return;
      onFailure(error);
      pauseMs = failureMs;
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
