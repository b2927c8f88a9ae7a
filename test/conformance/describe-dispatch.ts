import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import {
  batchesOf,
  dead,
  delivered,
  driveDispatch,
  halvedInto,
  range,
  released,
  retryAt,
  settings,
} from './dispatch-driver.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeDispatch(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());
  const leaseMs = 10_000;
  const openSeqs = async (id: string) => (await store().deliveries.open(id, 100)).map(({ seqs }) => seqs);

  describe('the lease on an endpoint', () => {
    it('holds nobody off who finds it far in the future, where a clock that was wrong has put it', async () => {
      const { id } = await drive().serve();
      const later = testStart + 8 * 24 * 3_600_000;
      expect(await drive().acquire(later)).toHaveLength(1);
      expect(await store().dispatch.count(testStart)).toMatchObject({ free: 1 });
      expect((await drive().acquire(testStart)).map(({ endpoint }) => endpoint.id)).toEqual([id]);
    });

    it('is taken by one at a time, and free again when it runs out', async () => {
      const { id } = await drive().create();
      const [first] = await drive().acquire();
      expect(first?.endpoint).toEqual(await store().endpoints.get(id));
      expect(await drive().acquire(testStart + leaseMs - 1)).toEqual([]);
      const [second] = await drive().acquire(testStart + leaseMs);
      expect(second?.lease.endpointId).toBe(id);
      expect(second?.lease.generation).toBeGreaterThan(first?.lease.generation ?? Infinity);
    });

    it('goes over no more endpoints than were asked for, paused ones too', async () => {
      for (const name of ['a', 'b', 'c']) await drive().create({ name });
      await store().endpointsWriter.change('e2', { isPaused: true });
      const idsOf = (acquired: { endpoint: { id: string } }[]) => acquired.map(({ endpoint }) => endpoint.id);
      expect(idsOf(await drive().acquire(testStart, 2))).toEqual(['e1', 'e2']);
      expect(idsOf(await drive().acquire(testStart, 2))).toEqual(['e3']);
    });

    it('is counted: how many endpoints there are, and how many of them nobody serves', async () => {
      expect(await store().dispatch.count(testStart)).toEqual({ endpoints: 0, free: 0 });
      for (const name of ['a', 'b', 'c', 'd']) await drive().create({ name });
      await store().endpointsWriter.remove('e4');
      await drive().acquire(testStart, 2);
      expect(await store().dispatch.count(testStart)).toEqual({ endpoints: 3, free: 1 });
      expect(await store().dispatch.count(testStart + leaseMs)).toEqual({ endpoints: 3, free: 3 });
    });

    it('is extended while it is ours, and tells what was changed', async () => {
      const { id, lease } = await drive().serve();
      await store().endpointsWriter.change(id, { settings: { ...settings, batchSize: 5 } });
      const renewed = await store().dispatch.renew([lease], testStart + 2 * leaseMs);
      expect(renewed).toMatchObject([{ endpoint: { id, settings: { batchSize: 5 } }, lease }]);
      expect(await drive().acquire(testStart + leaseMs)).toEqual([]);
      const [taken] = await drive().acquire(testStart + 2 * leaseMs);
      expect(await store().dispatch.renew([lease], testStart + 9 * leaseMs)).toEqual([]);
      expect(await store().dispatch.renew(taken ? [taken.lease] : [], testStart + 9 * leaseMs)).toHaveLength(
        1,
      );
    });

    it('is given back by its holder, and by nobody else', async () => {
      const { lease } = await drive().serve();
      await store().dispatch.release([{ ...lease, generation: lease.generation - 1 }]);
      expect(await drive().acquire()).toEqual([]);
      await store().dispatch.release([lease]);
      expect(await store().dispatch.renew([lease], testStart + leaseMs)).toEqual([]);
      expect(await drive().cut(lease, 0, 1, [1])).toBeUndefined();
      expect(await drive().acquire()).toHaveLength(1);
    });

    it('refuses whatever a former holder writes', async () => {
      const { id, lease: late } = await drive().serve();
      const delivery = await drive().cutOne(late, 0, [1, 2]);
      const [taken] = await drive().acquire(testStart + leaseMs);
      const health = { failuresInARow: 9, probeAt: testStart };
      const verdicts = [delivered, dead, retryAt(testStart), halvedInto([1], [2]), released];
      for (const verdict of verdicts) {
        expect(await drive().settle(late, delivery, verdict, { health })).toBe(false);
      }
      expect(await drive().cut(late, 2, 3, [3])).toBeUndefined();
      expect(await store().deliveries.attempts(delivery.id)).toEqual([]);
      expect(await store().endpoints.get(id)).toMatchObject({ cursor: 2, health: { failuresInARow: 0 } });
      expect(await store().deliveries.open(id, 9)).toEqual([delivery]);
      expect(taken && (await drive().settle(taken.lease, delivery, delivered))).toBe(true);
    });
  });

  describe('a cut', () => {
    it('makes deliveries to be sent at once and moves the cursor', async () => {
      const { id, lease } = await drive().serve();
      const made = await drive().cutAll(
        [{ from: 0, to: 12, batches: batchesOf(range(1, 9), [12, 3, 11]), now: testStart + 5 }],
        lease,
      );
      expect(made).toEqual([
        [
          {
            id: 'd1',
            webhookId: 'msg_1_2_3_4_5_6_7_8_9',
            place: 1,
            offset: 0,
            seqs: range(1, 9),
            attempts: 0,
            nextAttemptAt: testStart + 5,
          },
          expect.objectContaining({ id: 'd2', place: 2, seqs: [12, 3, 11] }),
        ],
      ]);
      expect(await store().deliveries.open(id, 10)).toEqual(made[0]);
      expect(await store().deliveries.open(id, 1)).toEqual(made[0]?.slice(0, 1));
      expect((await store().endpoints.get(id))?.cursor).toBe(12);
      expect(await store().deliveries.get('d2')).toEqual({
        id: 'd2',
        endpointId: id,
        state: 'pending',
        webhookId: 'msg_12_3_11',
        count: 3,
        firstSeq: 3,
        lastSeq: 12,
        attempts: 0,
        nextAttemptAt: testStart + 5,
        createdAt: testStart + 5,
      });
      expect(await store().deliveries.seqs('d2')).toEqual([12, 3, 11]);
    });

    it('may hold nothing: the cursor moves on', async () => {
      const { id, lease } = await drive().serve();
      expect(await drive().cut(lease, 0, 50)).toEqual([]);
      expect((await store().endpoints.get(id))?.cursor).toBe(50);
      expect(await store().deliveries.list({ limit: 10 })).toEqual({ items: [] });
    });

    it('is taken once: from where the cursor stands, and never backwards', async () => {
      const { id, lease } = await drive().serve();
      await drive().cut(lease, 0, 5, [1, 5]);
      expect(await drive().cut(lease, 0, 5, [1, 5])).toBeUndefined();
      expect(await drive().cut(lease, 4, 9, [6])).toBeUndefined();
      expect(await drive().cut(lease, 5, 4, [4])).toBeUndefined();
      expect(await openSeqs(id)).toEqual([[1, 5]]);
      expect((await store().endpoints.get(id))?.cursor).toBe(5);
    });

    it('goes over many endpoints, and a refused one costs the others nothing', async () => {
      const first = await drive().serve();
      const second = await drive().serve();
      const late = { ...second.lease, generation: second.lease.generation - 1 };
      const made = await drive().cutAll(
        [
          { from: 0, to: 1, batches: batchesOf([1]) },
          { lease: late, from: 0, to: 1, batches: batchesOf([1]) },
          { lease: second.lease, from: 0, to: 2, batches: batchesOf([2]) },
        ],
        first.lease,
      );
      expect(made.map((each) => each?.map(({ seqs }) => seqs))).toEqual([[[1]], undefined, [[2]]]);
    });

    it('takes all or nothing where it cannot be written', async () => {
      const first = await drive().serve();
      await expect(
        drive().cutAll(
          [{ from: 0, to: 2, batches: [...batchesOf([1]), { webhookId: 'msg', seqs: [] }] }],
          first.lease,
        ),
      ).rejects.toThrow();
      expect(await openSeqs(first.id)).toEqual([]);
      expect((await store().endpoints.get(first.id))?.cursor).toBe(0);
    });
  });
}
