import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** What is waited for, for the sentence of the failure. */
  readonly what: string;
  /** Patience for a busy machine, not a measurement. */
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** Asks until the answer is neither undefined nor false, and returns it. A question that throws is asked again. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { what, withinMs = 30_000, everyMs = 25 }: UntilOptions,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`Not within ${withinMs} ms: ${what}`, { cause: failure });
    }
    await pause(everyMs);
  }
}
