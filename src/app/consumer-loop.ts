import { Alarm } from './alarm.js';

export interface ConsumerLoop {
  /** Does one batch; true where there may be more at once. */
  readonly step: () => Promise<boolean>;
  /** Wait when there was nothing to do. */
  readonly idleMs: number;
  /** Wait after a failure: the store is full or away, and asking in a tight loop helps nobody. */
  readonly failureMs: number;
  readonly onFailure: (error: unknown) => void;
  /** Ends the wait of whoever has nothing to do. */
  readonly alarm?: Alarm;
}

/** Runs a consumer until `signal` aborts: a failed step is reported and tried again, for ever. */
export async function runConsumer(
  { step, idleMs, failureMs, onFailure, alarm = new Alarm() }: ConsumerLoop,
  signal: AbortSignal,
): Promise<void> {
  const patience = new Alarm();
  while (!signal.aborted) {
    try {
      if (await step()) continue;
    } catch (error) {
      if (signal.aborted) return;
      onFailure(error);
      await patience.sleep(failureMs, signal);
      continue;
    }
    await alarm.sleep(idleMs, signal);
  }
}
