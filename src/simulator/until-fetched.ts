import type { SimulatedCall } from './call.js';
import type { SimulatedStorage } from './storage/simulated-storage.js';
import type { Wait } from './wait.js';

const lookEveryMs = 100;

/**
 * Resolves with true once each of the calls' recordings was fetched whole (dead links aside); with false when
 * nobody has asked for any recording for `idleMs`, or the signal aborts.
 */
export async function untilFetched(
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
