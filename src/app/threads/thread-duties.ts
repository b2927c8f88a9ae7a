import type { DutyName } from '../../store/duties.js';
import { DutyKeeper } from '../duty-keeper.js';
import type { RunningThread, ThreadData } from './run-thread.js';

/** One batch of a consumer; true where there may be more at once. */
export type Step = () => Promise<boolean>;

/** Keeps these duties for a thread; undefined where no other process works on the store. */
export function createDutyKeeper(
  { store, data, clock, log }: RunningThread<ThreadData>,
  names: readonly DutyName[],
): DutyKeeper | undefined {
  if (!store.shared) return undefined;
  const { duties } = store.shared;
  const stopwatch = (): number => performance.now();
  return new DutyKeeper({
    duties,
    names,
    holder: data.instance,
    clock,
    stopwatch,
    leaseMs: data.leaseMs,
    log,
  });
}

/** Does nothing while the duty is another's. Each term begins anew: what was known of a cursor is old by then. */
export function underDuty(keeper: DutyKeeper | undefined, name: DutyName, begin: () => Step): Step {
  if (!keeper) return begin();
  let term: number | undefined;
  let step: Step | undefined;
  return async () => {
    const current = keeper.term(name);
    if (current !== term) {
      term = current;
      step = current === undefined ? undefined : begin();
    }
    return (await step?.()) ?? false;
  };
}
