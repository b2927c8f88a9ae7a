import type { LogFn } from 'pino';
import type { Clock } from '../domain/clock.js';
import { StoreError } from '../store/store-error.js';

/** While the store is away, everything that needs it fails, many times a second, for one reason. */
const everyMs = 60_000;

type Record = Parameters<LogFn>;

/**
 * Of records of a store that cannot be reached, the first passes at once, without a stack, which says nothing there; those
 * that follow are counted, and told together, once a minute. `undefined`: not this one. Everything else passes.
 */
export function createStoreAwayRecords(stopwatch: Clock): (record: Record) => Record | undefined {
  let toldAt = -Infinity;
  let untold = 0;
  return (record) => {
    const [first, ...rest] = record as unknown as [unknown, ...unknown[]];
    const error = (first as { err?: unknown } | undefined)?.err;
    if (!(error instanceof StoreError) || error.kind !== 'unreachable') return record;
    untold++;
    const now = stopwatch();
    if (now - toldAt < everyMs) return undefined;
    const times = untold;
    toldAt = now;
    untold = 0;
    const brief = { ...(first as object), err: undefined, reason: error.message, times };
    return [brief, ...rest] as unknown as Record;
  };
}
