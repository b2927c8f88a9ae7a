import { describe, expect, it } from 'vitest';
import type { DeliveryQuery } from '../../src/store/deliveries.js';
import { testStart } from '../support/temporary-store.js';
import { attemptAt, dead, delivered, driveDispatch, halvedInto, range } from './dispatch-driver.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeDeliveries(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());

  describe('the list of deliveries', () => {
    const listAll = async (limit: number, query: Omit<DeliveryQuery, 'limit' | 'after'>) => {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await store().deliveries.list({ ...query, limit, ...(after ? { after } : {}) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        ids.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after);
      return ids;
    };

    it('goes by age, newest first, over all of them or by endpoint and state', async () => {
      const one = await drive().serve();
      const two = await drive().serve();
      const verdicts = [delivered, dead, delivered, undefined, dead, delivered, undefined, delivered];
      const cursor = { [one.id]: 0, [two.id]: 0 };
      for (const [index, verdict] of verdicts.entries()) {
        const { id, lease } = index % 3 === 0 ? two : one;
        const delivery = await drive().cutOne(lease, cursor[id] ?? 0, [index + 1]);
        cursor[id] = index + 1;
        if (verdict) await drive().settle(lease, delivery, verdict);
      }
      const { items: all } = await store().deliveries.list({ limit: 100 });
      expect(all.map(({ id }) => id)).toEqual(range(1, 8).map((each) => `d${9 - each}`));
      for (const limit of [1, 3, 100]) {
        for (const endpointId of [undefined, one.id, two.id]) {
          for (const state of [undefined, 'pending', 'delivered', 'dead'] as const) {
            const wanted = all.filter(
              (delivery) =>
                (endpointId === undefined || delivery.endpointId === endpointId) &&
                (state === undefined || delivery.state === state),
            );
            const query = { ...(endpointId ? { endpointId } : {}), ...(state ? { state } : {}) };
            expect(await listAll(limit, query)).toEqual(wanted.map(({ id }) => id));
          }
        }
      }
    });

    it('is, for one message, of every delivery that holds it, whatever became of that', async () => {
      const one = await drive().serve();
      const two = await drive().serve();
      const three = await drive().serve();
      // 70,000 waited and is pushed with 9 and 12: it lies in another stretch of the journal, and 10 in between.
      const whole = await drive().cutOne(one.lease, 0, [9, 12, 70_000]);
      await drive().settle(one.lease, whole, halvedInto([9, 12], [70_000]));
      const [, half] = await store().deliveries.open(one.id, 9);
      if (!half) throw new Error('it was cut in two');
      await drive().settle(one.lease, half, dead);
      const replay = await store().replaysWriter.replayDelivery(half.id, 'again', testStart);
      const bystander = await drive().cutOne(one.lease, 70_000, [10, 11, 69_999, 70_001]);
      const other = await drive().conclude(two.lease, 0, [70_000], delivered);
      const gone = await drive().conclude(three.lease, 0, [70_000], delivered);
      if (typeof replay === 'string') throw new Error('a dead one can be replayed');

      const all = [other, replay.id, half.id, whole.id];
      expect(await listAll(9, { seq: 70_000 })).toEqual([gone, ...all]);
      await store().endpointsWriter.remove(three.id);
      for (const limit of [1, 3, 9]) {
        expect(await listAll(limit, { seq: 70_000 })).toEqual(all);
        expect(await listAll(limit, { seq: 70_000, endpointId: one.id })).toEqual(all.slice(1));
      }
      expect(await listAll(9, { seq: 70_000, state: 'dead' })).toEqual([half.id]);
      expect(await listAll(9, { seq: 70_000, state: 'pending' })).toEqual([replay.id, whole.id]);
      expect(await listAll(9, { seq: 70_000, state: 'delivered', endpointId: one.id })).toEqual([]);
      for (const seq of [10, 11, 69_999, 70_001]) expect(await listAll(9, { seq })).toEqual([bystander.id]);
      for (const seq of [1, 8, 13, 70, 700_000]) expect(await listAll(9, { seq })).toEqual([]);
      for (const endpointId of [three.id, 'e99', 'nobody'])
        expect(await listAll(9, { seq: 70_000, endpointId })).toEqual([]);
    });

    it.each(['', 'd', 'd0', 'd2', '1', 'D1', 'd01', 'd1 ', `d${'9'.repeat(40)}`])(
      'has no delivery by the id %j',
      async (id) => {
        const { lease } = await drive().serve();
        await drive().cutOne(lease, 0, [1]);
        expect(await store().deliveries.get(id)).toBeUndefined();
        expect(await store().deliveries.seqs(id)).toEqual([]);
        expect(await store().deliveries.attempts(id)).toEqual([]);
      },
    );
  });

  describe('what an endpoint has got, or will get', () => {
    it('is what is in a pending or delivered delivery of its own', async () => {
      const { id, lease } = await drive().serve();
      const other = await drive().serve();
      await drive().cutOne(other.lease, 0, [1, 2, 500_000]);
      const [pending, toDeliver, toDie, toHalve] =
        (await drive().cut(lease, 0, 700_000, [10, 11, 3], [20, 600_000, 21], [30], [40, 41])) ?? [];
      await drive().settle(lease, toDeliver ?? { id: '' }, delivered);
      await drive().settle(lease, toDie ?? { id: '' }, dead);
      await drive().settle(lease, toHalve ?? { id: '' }, halvedInto([40], [41]));
      const half = (await store().deliveries.open(id, 9)).find(({ seqs }) => seqs[0] === 41);
      await drive().settle(lease, half ?? { id: '' }, dead);
      expect(pending).toBeDefined();
      const asked = [1, 3, 9, 10, 11, 12, 20, 21, 22, 30, 40, 41, 500_000, 600_000, 700_000];
      expect(await store().deliveries.covered(id, asked)).toEqual([3, 10, 11, 20, 21, 40, 600_000]);
      expect(await store().deliveries.covered(id, [])).toEqual([]);
      expect(await store().deliveries.covered('e99', asked)).toEqual([]);
    });
  });

  describe('causes of dead deliveries', () => {
    it('are told by endpoint, most first, of those that nobody replayed', async () => {
      const one = await drive().serve();
      const two = await drive().serve();
      const refused = attemptAt(testStart, { outcome: 'refuse', reason: 'content-refused', status: 400 });
      await drive().conclude(one.lease, 0, [1, 2, 3], dead);
      const other = await drive().cutOne(one.lease, 3, [4]);
      await drive().settle(one.lease, other, dead, { attempt: refused });
      const newest = await drive().conclude(one.lease, 4, [5], dead);
      const replayed = await drive().conclude(one.lease, 5, [6], dead);
      await store().replaysWriter.replayDelivery(replayed, 'again', testStart);
      await drive().conclude(one.lease, 6, [7], delivered);
      const ofTwo = await drive().conclude(two.lease, 0, [1], dead);
      const halved = await drive().cutOne(two.lease, 1, [2, 3]);
      await drive().settle(two.lease, halved, halvedInto([2], [3]));

      const at = { newestAt: testStart };
      const failed = { reason: 'server-error', ...at };
      const ofOne = [
        { ...failed, endpointId: one.id, deliveries: 2, messages: 4, newestId: newest },
        {
          ...{
            reason: 'content-refused',
            endpointId: one.id,
            deliveries: 1,
            messages: 1,
            newestId: other.id,
          },
          ...at,
        },
      ];
      const last = { ...failed, endpointId: two.id, deliveries: 1, messages: 1, newestId: ofTwo };
      expect(await store().deliveries.causes(one.id)).toEqual({ items: ofOne, isPartial: false });
      const { items } = await store().deliveries.causes();
      expect(items[0]).toEqual(ofOne[0]);
      expect(items).toHaveLength(3);
      expect(items).toEqual(expect.arrayContaining([ofOne[1], last]));
      await store().endpointsWriter.remove(one.id);
      expect(await store().deliveries.causes()).toEqual({ items: [last], isPartial: false });
      expect(await store().deliveries.causes(one.id)).toEqual({ items: [], isPartial: false });
      expect(await store().deliveries.causes('nothing')).toEqual({ items: [], isPartial: false });
    });
  });
}
