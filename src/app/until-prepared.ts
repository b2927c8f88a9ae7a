import { setTimeout as wait } from 'node:timers/promises';
import { StoreError, type StoreErrorKind } from '../store/store-error.js';

/** Between two attempts at a database that is away: it is noticed within a second that it is back. */
const againAfterMs = 1_000;

/**
 * Prepares a store, again and again until it succeeds. A failure is reported once for as long as it stays the same.
 * @returns false where `signal` aborted before.
 */
export async function untilPrepared(
  store: { prepare(): Promise<void> },
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let reported: string | undefined;
  while (!signal.aborted) {
    try {
      await store.prepare();
      return true;
    } catch (error) {
      if (isAborted(signal)) return false;
      const { message } = error as Error;
      if (message !== reported) onFailure(error);
      reported = message;
    }
    await wait(againAfterMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

const forPeople: ReadonlySet<StoreErrorKind> = new Set(['newer-schema', 'refused', 'moved', 'incomplete']);

/** Whether waiting helps: what a person must mend stops a start instead. */
export function mendsItself(error: unknown): boolean {
  return !(error instanceof StoreError && forPeople.has(error.kind));
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
