import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.js';
import { anyDispatch, playDispatch, type Told } from './random-dispatch.js';
import type { OpenStore, StoreUnderTest } from './store-under-test.js';

export function describeDispatchHistories(open: OpenStore, numRuns: number): void {
  /** Plays random steps on a store of its own, and looks at what has become of one endpoint after the other. */
  const whatever = (look: (store: StoreUnderTest, told: Told, items: Delivery[]) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(anyDispatch, async (steps) => {
        const { store, told } = await playDispatch(await open(), steps);
        try {
          for (const each of told) {
            const { items } = await store.deliveries.list({ endpointId: each.id, limit: 10_000 });
            await look(store, each, items);
          }
        } finally {
          await store.close();
        }
      }),
      { numRuns },
    );

  describe('whatever is cut, settled, halved, replayed, taken over and repeated', () => {
    it('every message that was selected is in one delivery, and what waits is in order', async () => {
      await whatever(async (store, { id, selected }, items) => {
        const replays = replayedIds(items);
        const seqs: number[] = [];
        for (const delivery of items) {
          if (delivery.reason === 'halved' || replays.has(delivery.id)) continue;
          seqs.push(...(await store.deliveries.seqs(delivery.id)));
        }
        expect(seqs.toSorted(byNumber)).toEqual(selected.toSorted(byNumber));
        const waiting = (await store.deliveries.open(id, 10_000)).filter((each) => !replays.has(each.id));
        const waitingSeqs = waiting.flatMap((each) => each.seqs);
        expect(waitingSeqs).toEqual(selected.filter((seq) => waitingSeqs.includes(seq)));
        expect(waiting.map((each) => each.id).toSorted()).toEqual(
          items
            .filter(({ state, reason }) => state === 'pending' && reason !== 'halved')
            .filter((each) => !replays.has(each.id))
            .map((each) => each.id)
            .toSorted(),
        );
      });
    });

    it('tallies, states and counts of attempts are those of what was taken', async () => {
      await whatever(async (store, { id, ended, attempts }, items) => {
        const { nextAttemptAt, ...tally } = await store.endpoints.tally(id);
        for (const state of ['pending', 'delivered', 'dead'] as const) {
          const inState = items.filter((delivery) => delivery.state === state);
          const counted = state === 'dead' ? inState.filter(waits) : inState;
          expect([state, tally[state]]).toEqual([state, counted.length]);
          const page = await store.deliveries.list({ endpointId: id, state, limit: 10_000 });
          expect(page.items).toEqual(inState);
        }
        const times = items.flatMap((delivery) => delivery.nextAttemptAt ?? []);
        expect(nextAttemptAt).toBe(times.length > 0 ? Math.min(...times) : undefined);
        const listed = await store.deliveries.list({ endpointId: id, isWaiting: true, limit: 10_000 });
        expect(listed.items).toEqual(items.filter(waits));
        for (const delivery of items) {
          const taken = attempts.get(delivery.id) ?? { all: 0, counted: 0 };
          expect(delivery.attempts).toBe(taken.counted);
          expect(await store.deliveries.attempts(delivery.id)).toHaveLength(taken.all);
          expect(delivery.state).toBe(
            delivery.reason === 'halved'
              ? stateOfHalves(items, delivery)
              : (ended.get(delivery.id) ?? 'pending'),
          );
        }
      });
    });

    it('what an endpoint has got or will get, and what a replay would send, are told by their deliveries', async () => {
      await whatever(async (store, { id, selected }, items) => {
        const covered = new Set<number>();
        const dead: { id: string; seqs: number[] }[] = [];
        for (const delivery of items.filter(({ reason }) => reason !== 'halved').toReversed()) {
          const seqs = await store.deliveries.seqs(delivery.id);
          if (delivery.state !== 'dead') for (const seq of seqs) covered.add(seq);
          else if (!delivery.replayedAs) dead.push({ id: delivery.id, seqs });
        }
        expect(new Set(await store.deliveries.covered(id, selected))).toEqual(covered);
        expect(await store.replays.deadDeliveries(id, 0, 10_000, 10_000)).toEqual(dead);
        expect(await store.replays.countDead(id)).toEqual({
          deliveries: dead.length,
          messages: dead.flatMap(({ seqs }) => seqs).length,
        });
      });
    });
  });
}

function byNumber(a: number, b: number): number {
  return a - b;
}

/** Replays, and what became of them when they were halved. */
function replayedIds(items: readonly Delivery[]): Set<string> {
  const ids = new Set<string>();
  for (const { id, replayOf, halfOf } of items.toReversed()) {
    if (replayOf !== undefined || (halfOf !== undefined && ids.has(halfOf))) ids.add(id);
  }
  return ids;
}

function stateOfHalves(items: readonly Delivery[], { id }: Delivery): string {
  const states = items.filter(({ halfOf }) => halfOf === id).map(({ state }) => state);
  expect(states).toHaveLength(2);
  if (states.includes('pending')) return 'pending';
  return states.includes('dead') ? 'dead' : 'delivered';
}

/** A dead delivery that a replay of the dead ones would send. */
function waits({ state, replayedAs, reason }: Delivery): boolean {
  return state === 'dead' && replayedAs === undefined && reason !== 'halved';
}
