import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import {
  attemptAt,
  dead,
  delivered,
  driveDispatch,
  halvedInto,
  range,
  released,
  retryAt,
} from './dispatch-driver.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeSettlements(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());
  const openSeqs = async (id: string) => (await store().deliveries.open(id, 100)).map(({ seqs }) => seqs);

  describe('a settlement', () => {
    it('delivers: nothing is left to be sent', async () => {
      const { id, lease } = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1, 2]);
      const attempt = attemptAt(testStart + 1, { outcome: 'ok', reason: 'acknowledged', status: 200 });
      expect(await drive().settle(lease, delivery, delivered, { attempt, now: testStart + 13 })).toBe(true);
      expect(await store().deliveries.get(delivery.id)).toEqual({
        id: delivery.id,
        endpointId: id,
        state: 'delivered',
        webhookId: delivery.webhookId,
        count: 2,
        firstSeq: 1,
        lastSeq: 2,
        attempts: 1,
        createdAt: testStart,
        deliveredAt: testStart + 13,
      });
      expect(await store().deliveries.attempts(delivery.id)).toEqual([attempt]);
      expect(await openSeqs(id)).toEqual([]);
      expect(await store().endpoints.tally(id)).toEqual({ pending: 0, delivered: 1, dead: 0 });
    });

    it('keeps what failed for its next attempt, with the reason', async () => {
      const { id, lease } = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1]);
      await drive().settle(lease, delivery, retryAt(testStart + 60_000));
      expect(await store().deliveries.open(id, 9)).toEqual([
        { ...delivery, attempts: 1, nextAttemptAt: testStart + 60_000 },
      ]);
      expect(await store().deliveries.get(delivery.id)).toMatchObject({
        reason: 'server-error',
        attempts: 1,
      });
      expect(await store().endpoints.tally(id)).toEqual({
        pending: 1,
        delivered: 0,
        dead: 0,
        nextAttemptAt: testStart + 60_000,
      });
      await drive().settle(lease, delivery, delivered);
      expect((await store().deliveries.get(delivery.id))?.reason).toBeUndefined();
    });

    it('ends in the dead letters, with all attempts', async () => {
      const { id, lease } = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1]);
      await drive().settle(lease, delivery, retryAt(testStart));
      await drive().settle(lease, delivery, dead);
      expect(await store().deliveries.get(delivery.id)).toMatchObject({
        state: 'dead',
        reason: 'server-error',
        attempts: 2,
      });
      expect(await store().deliveries.attempts(delivery.id)).toHaveLength(2);
      expect(await store().endpoints.tally(id)).toEqual({ pending: 0, delivered: 0, dead: 1 });
    });

    it('does not count a probe that found nobody, nor an attempt that was stopped', async () => {
      const { id, lease } = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1]);
      const attempt = attemptAt(testStart + 1, { isProbe: true, reason: 'connection-refused' });
      await drive().settle(lease, delivery, retryAt(testStart + 7), { attempt });
      await drive().settle(lease, delivery, released);
      expect(await store().deliveries.open(id, 9)).toEqual([{ ...delivery, nextAttemptAt: testStart + 7 }]);
      const kept = await store().deliveries.attempts(delivery.id);
      expect(kept.map(({ outcome, isProbe }) => [outcome, isProbe])).toEqual([
        ['retry', true],
        ['aborted', false],
      ]);
    });

    it('keeps the latest of a great many probes, and every attempt that counted', async () => {
      const { lease } = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1]);
      const counted = attemptAt(testStart);
      await drive().settle(lease, delivery, retryAt(testStart), { attempt: counted });
      for (const index of range(1, 50)) {
        const attempt = attemptAt(testStart + index, { isProbe: true });
        await drive().settle(lease, delivery, retryAt(testStart), { attempt });
      }
      const kept = await store().deliveries.attempts(delivery.id);
      expect(kept.map(({ at }) => at - testStart)).toEqual([0, ...range(31, 50)]);
    });

    it('keeps how the endpoint answers', async () => {
      const { id, lease } = await drive().serve();
      const [first, second] = (await drive().cut(lease, 0, 2, [1], [2])) ?? [];
      const failing = { failuresInARow: 3, probeAt: testStart + 60_000 };
      await drive().settle(lease, first ?? { id: '' }, retryAt(testStart), { health: failing });
      expect((await store().endpoints.get(id))?.health).toEqual(failing);
      await drive().settle(lease, second ?? { id: '' }, delivered);
      expect((await store().endpoints.get(id))?.health).toEqual({ failuresInARow: 0 });
    });

    it('of the same attempt twice changes nothing the second time', async () => {
      const { id, lease } = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1, 2]);
      const again = async (...settlement: Parameters<ReturnType<typeof drive>['settle']>): Promise<void> => {
        expect(await drive().settle(...settlement)).toBe(true);
        const before = await store().deliveries.list({ limit: 100 });
        expect(await drive().settle(...settlement)).toBe(true);
        expect(await store().deliveries.list({ limit: 100 })).toEqual(before);
      };
      await again(lease, delivery, retryAt(testStart + 5), { attempt: attemptAt(testStart) });
      await again(lease, delivery, halvedInto([1], [2]), { attempt: attemptAt(testStart + 5) });
      const [first] = await store().deliveries.open(id, 9);
      await again(lease, first ?? { id: '' }, delivered, { attempt: attemptAt(testStart + 6) });
      expect(await store().deliveries.attempts(delivery.id)).toHaveLength(2);
      expect(await store().endpoints.tally(id)).toMatchObject({ pending: 2, delivered: 1, dead: 0 });
    });

    it('is refused for what waits for no attempt, and for what is not the endpoint’s', async () => {
      const { lease } = await drive().serve();
      const other = await drive().serve();
      const delivery = await drive().cutOne(lease, 0, [1, 2]);
      expect(await drive().settle(other.lease, delivery, delivered)).toBe(false);
      expect(await drive().settle(lease, { id: 'd99' }, delivered)).toBe(false);
      expect(await drive().settle(lease, { id: 'nothing' }, delivered)).toBe(false);
      await drive().settle(lease, delivery, halvedInto([1], [2]));
      expect(await drive().settle(lease, delivery, delivered)).toBe(false);
      expect(await drive().settle(lease, delivery, dead)).toBe(false);
      expect(await store().deliveries.get(delivery.id)).toMatchObject({ state: 'pending', reason: 'halved' });
    });

    it('goes over many at once, each by itself', async () => {
      const { id, lease } = await drive().serve();
      const made = (await drive().cut(lease, 0, 3, [1], [2], [3])) ?? [];
      const late = { ...lease, generation: 0 };
      const [one, two, three] = made.map((delivery) => ({ deliveryId: delivery.id, verdict: delivered }));
      if (!one || !two || !three) throw new Error('three were cut');
      expect(await drive().settleAll([one, { ...two, lease: late }, three], lease)).toEqual([
        true,
        false,
        true,
      ]);
      expect(await openSeqs(id)).toEqual([[2]]);
    });
  });

  describe('halving', () => {
    it('puts two deliveries in the place of one', async () => {
      const { id, lease } = await drive().serve();
      const [first] = (await drive().cut(lease, 0, 9, range(1, 5), [6, 7])) ?? [];
      await drive().settle(lease, first ?? { id: '' }, halvedInto([1, 2], [3, 4, 5]), { now: testStart + 9 });
      expect(await openSeqs(id)).toEqual([
        [1, 2],
        [3, 4, 5],
        [6, 7],
      ]);
      const second = (await store().deliveries.open(id, 9))[1];
      expect(second).toMatchObject({ place: 1, offset: 2, attempts: 0, nextAttemptAt: testStart + 9 });
      await drive().settle(lease, second ?? { id: '' }, halvedInto([3], [4, 5]));
      expect(await openSeqs(id)).toEqual([[1, 2], [3], [4, 5], [6, 7]]);
      expect(await store().deliveries.get(first?.id ?? '')).toMatchObject({
        state: 'pending',
        reason: 'halved',
        attempts: 1,
      });
      const halves = (await store().deliveries.list({ limit: 9 })).items.filter(
        ({ halfOf }) => halfOf === first?.id,
      );
      expect(halves).toHaveLength(2);
    });

    it('settles the whole with the last of its parts: dead where one part is', async () => {
      const { id, lease } = await drive().serve();
      const whole = await drive().cutOne(lease, 0, range(1, 4));
      const stateOf = async (delivery: string) => (await store().deliveries.get(delivery))?.state;
      await drive().settle(lease, whole, halvedInto([1, 2], [3, 4]));
      const [left, right] = await store().deliveries.open(id, 9);
      await drive().settle(lease, left ?? { id: '' }, halvedInto([1], [2]));
      await drive().settle(lease, right ?? { id: '' }, delivered);
      const [one, two] = await store().deliveries.open(id, 9);
      await drive().settle(lease, one ?? { id: '' }, dead);
      expect([await stateOf(left?.id ?? ''), await stateOf(whole.id)]).toEqual(['pending', 'pending']);
      await drive().settle(lease, two ?? { id: '' }, delivered, { now: testStart + 77 });
      expect([await stateOf(left?.id ?? ''), await stateOf(whole.id)]).toEqual(['dead', 'dead']);
      expect(await store().deliveries.get(whole.id)).toMatchObject({ reason: 'halved' });
      expect(await store().endpoints.tally(id)).toEqual({ pending: 0, delivered: 2, dead: 1 });
    });

    it('settles the whole as delivered where every part is', async () => {
      const { id, lease } = await drive().serve();
      const whole = await drive().cutOne(lease, 0, [1, 2]);
      await drive().settle(lease, whole, halvedInto([1], [2]));
      for (const half of await store().deliveries.open(id, 9)) {
        await drive().settle(lease, half, delivered, { now: testStart + 77 });
      }
      expect(await store().deliveries.get(whole.id)).toMatchObject({
        state: 'delivered',
        deliveredAt: testStart + 77,
      });
    });

    it('loses no message: halves that are not the whole are refused with everything beside them', async () => {
      const { id, lease } = await drive().serve();
      const [first, second] = (await drive().cut(lease, 0, 3, [1, 2], [3])) ?? [];
      if (!first || !second) throw new Error('two were cut');
      const settlements = [
        { deliveryId: second.id, verdict: delivered },
        { deliveryId: first.id, verdict: halvedInto([1], [3]) },
      ];
      await expect(drive().settleAll(settlements, lease)).rejects.toThrow();
      expect(await openSeqs(id)).toEqual([[1, 2], [3]]);
    });
  });
}
