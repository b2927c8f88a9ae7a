export interface ConsumerLoop {
  /** Does one batch; true where there may be more at once. */
  readonly step: () => Promise<boolean>;
  /** Wait when there was nothing to do. */
  readonly idleMs: number;
  /** Wait after a failure: the store is full or away, and asking in a tight loop makes it worse. */
  readonly failureMs: number;
  readonly onFailure: (error: unknown) => void;
  /** Ends the wait before the next step. */
  readonly wake?: WakeSignal;
}

/** Runs a consumer until `signal` aborts: a failed step is reported and tried again, for ever. */
export async function runConsumer(
  { step, idleMs, failureMs, onFailure, wake = new WakeSignal() }: ConsumerLoop,
  signal: AbortSignal,
): Promise<void> {
  const patience = new WakeSignal();
  while (!signal.aborted) {
    try {
      if (await step()) continue;
    } catch (error) {
      if (signal.aborted) return;
      onFailure(error);
      await patience.sleep(failureMs, signal);
      continue;
    }
    await wake.sleep(idleMs, signal);
  }
}

/** A sleep that can be cut short. A call of `wake` while nothing sleeps counts for the next sleep, which ends at once. */
export class WakeSignal {
  #isWoken = false;
  #wake: (() => void) | undefined;

  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  /** Resolves after `ms`, at a call of `wake`, or when `signal` aborts. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isWoken && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          this.#wake = undefined;
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake);
        this.#wake = wake;
      });
    }
    this.#isWoken = false;
  }
}
