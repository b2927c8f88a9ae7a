import type { Clock } from '../domain/clock.js';
import { makeCall } from './call.js';
import type { SimulatedCall } from './call.js';
import { countFault } from './fault.js';
import type { FaultCounts } from './fault.js';
import { createPushPlanner } from './push/plan-pushes.js';
import type { PlannedPush } from './push/plan-pushes.js';
import { drawWhole, seededRandom } from './seeded-random.js';
import type { SimulationEvent } from './simulation-event.js';
import type { SimulationOptions } from './simulation-options.js';
import type { SimulatedStorage } from './storage/simulated-storage.js';

/** Where pushes come from: calls end, their recordings go into the storage, their messages into pushes. */
export interface BatchSource {
  /** Every call so far. */
  readonly calls: readonly SimulatedCall[];
  readonly faults: FaultCounts;
  /** Ends the calls of batch `batchIndex` now and puts their messages into pushes. In order, each batch once. */
  plan(batchIndex: number): PlannedPush[];
}

export function createBatchSource(
  options: SimulationOptions,
  seed: number,
  deps: {
    clock: Clock;
    storage: Pick<SimulatedStorage, 'put' | 'linkTo'>;
    onEvent: (event: SimulationEvent) => void;
  },
): BatchSource {
  const faults: FaultCounts = {};
  const calls: SimulatedCall[] = [];
  const planner = createPushPlanner(options, seed, { linkTo: deps.storage.linkTo, faultCounts: faults });

  /** A call that ended up to two seconds ago, at a whole second as all of the vendor's times. */
  function endCall(index: number): SimulatedCall {
    const agoMs = drawWhole(seededRandom(seed, 'ended', index), 0, 2000);
    const call = makeCall(options, seed, index, Math.floor((deps.clock() - agoMs) / 1000) * 1000);
    deps.storage.put(call);
    calls.push(call);
    for (const fault of call.storageFaults) countFault(faults, fault);
    return call;
  }

  return {
    calls,
    faults,
    plan(batchIndex) {
      const first = batchIndex * options.batch;
      const last = Math.min(first + options.batch, options.calls);
      const batch = Array.from({ length: last - first }, (_, place) => endCall(first + place));
      const pushes = planner.plan(batchIndex, batch);
      deps.onEvent({ kind: 'progress', calls: calls.length, ofCalls: options.calls });
      return pushes;
    },
  };
}
