import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/domain/delivery.js';
import { dead, delivered, driveDispatch, halvedInto, range } from './dispatch-driver.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeDeliveries(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());

  describe('the list of deliveries', () => {
    const listAll = async (limit: number, query: { endpointId?: string; state?: DeliveryState }) => {
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
}
