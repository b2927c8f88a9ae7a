import { setTimeout as pause } from 'node:timers/promises';
import { giveUpAfterMs } from './test-run.js';

export interface UntilOptions {
  /** What is waited for, for the sentence of the failure. */
  readonly what: string;
  readonly everyMs?: number;
}

/** Asks until the answer is neither undefined nor false, and returns it. A question that throws is asked again. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { what, everyMs = 25 }: UntilOptions,
): Promise<T> {
  const giveUpAt = performance.now() + giveUpAfterMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`Not within ${giveUpAfterMs} ms: ${what}`, { cause: failure });
    }
    await pause(everyMs);
  }
}
