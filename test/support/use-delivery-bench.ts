import { afterEach, beforeEach } from 'vitest';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { openDeliveryBench, type DeliveryBench, type SeenPush } from './delivery-bench.js';
import { until } from './until.js';

export const callIdsOf = (pushes: readonly SeenPush[]) => pushes.map(({ callIds }) => callIds.join('+'));

/** A bench for each test of a file, and what such tests wait for. */
export function useDeliveryBench(onOpen: (bench: DeliveryBench) => void) {
  let bench: DeliveryBench;
  beforeEach(async () => {
    bench = await openDeliveryBench();
    onOpen(bench);
  });
  afterEach(async () => {
    await bench.close();
  });
  return {
    settledAs: (endpoint: Endpoint, ...states: string[]) =>
      until(
        async () => (await bench.deliveries(endpoint)).map(({ state }) => state).join() === states.join(),
        { what: `the deliveries are ${states.join()}`, everyMs: 5 },
      ),
    attempted: (count: number) =>
      until(() => bench.attempts.length >= count, { what: `${count} attempts`, everyMs: 2 }),
    /** Time enough for anything that should not happen: a few turns of the dispatcher, seen by its readings of the journal. */
    turns: async (count = 5) => {
      const reads = bench.lastSeqReads();
      await until(() => bench.lastSeqReads() >= reads + count, {
        what: 'the dispatcher looks around',
        everyMs: 2,
      });
    },
    delivered: (endpoint: Endpoint, count: number) =>
      until(
        async () =>
          (await bench.deliveries(endpoint)).filter(({ state }) => state === 'delivered').length >= count,
        { what: `${count} are delivered`, everyMs: 5 },
      ),
  };
}
