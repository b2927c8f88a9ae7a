import { describe, expect, it } from 'vitest';
import { makeMessage, noteOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { delivered, driveDispatch, range, retryAt, secret, settings } from './dispatch-driver.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeEndpoints(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());
  const minute = 60_000;

  describe('an endpoint', () => {
    it('is kept with every setting, and found by its id', async () => {
      const full = {
        ...settings,
        name: 'Kundenstelle 录音 \ud800',
        types: ['AlicomAgentCallNote'],
        when: 'archived',
        recordFile: 'archived',
        filter: { taskId: '1', batchId: '2', outIdPrefix: 'x', minDurationSeconds: 1.5 },
        ratePerSecond: 0.5,
        retrySchedule: [],
        headers: { 'X-Tenant': 'a' },
        auth: { kind: 'bearer', token: 'secret' },
      } as const;
      const made = await store().endpointsWriter.create({
        settings: full,
        start: 'beginning',
        secret,
        now: 77,
      });
      expect(made).toEqual({
        id: 'e1',
        settings: full,
        isPaused: false,
        cursor: 0,
        start: 'beginning',
        health: { failuresInARow: 0 },
        secrets: [{ secret, createdAt: 77 }],
        createdAt: 77,
      });
      expect(await store().endpoints.get('e1')).toEqual(made);
      const second = await drive().create();
      expect(await store().endpoints.list()).toEqual([made, second]);
    });

    it('begins behind the last entry, before the first, or with what was received at an instant', async () => {
      await store().append(
        range(0, 9).map((minutes) => makeMessage(noteOf(`${minutes}`), testStart + minutes * minute)),
      );
      const cursorOf = async (start: 'now' | 'beginning' | { at: number }) => {
        const endpoint = await store().endpointsWriter.create({ settings, start, secret, now: testStart });
        expect(endpoint.start).toEqual(start);
        return endpoint.cursor;
      };
      expect(await cursorOf('now')).toBe(10);
      expect(await cursorOf('beginning')).toBe(0);
      expect(await cursorOf({ at: testStart + 3 * minute })).toBe(3);
      expect(await cursorOf({ at: testStart + 3 * minute + 1 })).toBe(4);
      expect(await cursorOf({ at: testStart - minute })).toBe(0);
      expect(await cursorOf({ at: testStart + 99 * minute })).toBe(10);
    });

    it('takes other settings, a pause and its end, each by itself', async () => {
      const { id } = await drive().create();
      const change = (what: Parameters<ReturnType<typeof store>['endpointsWriter']['change']>[1]) =>
        store().endpointsWriter.change(id, what);
      expect(await change({ isPaused: true })).toMatchObject({ isPaused: true, settings });
      const other = { ...settings, batchSize: 7 };
      expect(await change({ settings: other })).toMatchObject({ isPaused: true, settings: other });
      expect(await change({ isPaused: false })).toMatchObject({ isPaused: false, settings: other });
      expect(await store().endpoints.get(id)).toMatchObject({ isPaused: false, settings: other });
    });

    it('has its breaker closed by another URL, and by nothing else that is changed', async () => {
      const { id, lease } = await drive().serve();
      const [delivery] = (await drive().cut(lease, 0, 1, [1])) ?? [];
      const health = { failuresInARow: 3, probeAt: testStart + minute };
      await drive().settle(lease, delivery ?? { id: '' }, retryAt(testStart), { health });
      const change = store().endpointsWriter.change.bind(store().endpointsWriter);
      expect(await change(id, { isPaused: true, settings: { ...settings, name: 'other' } })).toMatchObject({
        health,
      });
      expect(await change(id, { settings: { ...settings, url: 'https://b.example/' } })).toMatchObject({
        health: { failuresInARow: 0 },
      });
      expect((await store().endpoints.get(id))?.health).toEqual({ failuresInARow: 0 });
    });

    it('has its secret rotated: the others stay valid for a while, none for longer than it was', async () => {
      const { id } = await drive().create();
      const rotate = async (name: string, createdAt: number, othersUntil: number) =>
        (await store().endpointsWriter.rotateSecret(id, { secret: name, createdAt }, othersUntil))?.secrets;
      expect(await rotate('b', testStart + 1, testStart + 100)).toEqual([
        { secret: 'b', createdAt: testStart + 1 },
        { secret, createdAt: testStart, expiresAt: testStart + 100 },
      ]);
      expect(await rotate('c', testStart + 2, testStart + 500)).toEqual([
        { secret: 'c', createdAt: testStart + 2 },
        { secret: 'b', createdAt: testStart + 1, expiresAt: testStart + 500 },
        { secret, createdAt: testStart, expiresAt: testStart + 100 },
      ]);
      const kept = await rotate('d', testStart + 100, testStart + 100);
      expect(kept).toEqual([{ secret: 'd', createdAt: testStart + 100 }]);
      expect((await store().endpoints.get(id))?.secrets).toEqual(kept);
    });

    it.each(['', 'e', 'e0', 'e2', '1', 'E1', 'e01', 'e1 ', `e${'9'.repeat(40)}`])(
      'is none for %j',
      async (id) => {
        await drive().create();
        const { endpoints, endpointsWriter } = store();
        expect(await endpoints.get(id)).toBeUndefined();
        expect(await endpoints.tally(id)).toEqual({ pending: 0, delivered: 0, dead: 0 });
        expect(await endpointsWriter.change(id, { isPaused: true })).toBeUndefined();
        expect(
          await endpointsWriter.rotateSecret(id, { secret, createdAt: testStart }, testStart),
        ).toBeUndefined();
        expect(await endpointsWriter.remove(id)).toBe(false);
        expect(await store().deliveries.list({ endpointId: id, limit: 10 })).toEqual({ items: [] });
      },
    );
  });

  describe('a removed endpoint', () => {
    it('is gone at once, with all that belongs to it', async () => {
      const { id, lease } = await drive().serve();
      const made = await drive().cut(lease, 0, 3, [1], [2, 3]);
      const other = await drive().serve();
      const [kept] = (await drive().cut(other.lease, 0, 1, [1])) ?? [];
      const replay = await store().replaysWriter.start(
        id,
        { kind: 'window', afterSeq: 0, untilSeq: 3, missed: false },
        testStart,
      );
      expect(replay?.state).toBe('running');
      expect(await store().endpointsWriter.remove(id)).toBe(true);
      expect(await store().endpointsWriter.remove(id)).toBe(false);
      expect((await store().endpoints.list()).map((endpoint) => endpoint.id)).toEqual([other.id]);
      expect(await store().endpoints.tally(id)).toEqual({ pending: 0, delivered: 0, dead: 0 });
      const { items } = await store().deliveries.list({ limit: 10 });
      expect(items.map((item) => item.id)).toEqual([kept?.id]);
      expect(await store().deliveries.list({ limit: 10, state: 'pending' })).toMatchObject({
        items: [kept?.id].map((each) => ({ id: each })),
      });
      for (const delivery of made ?? []) {
        expect(await store().deliveries.get(delivery.id)).toBeUndefined();
        expect(await store().deliveries.seqs(delivery.id)).toEqual([]);
        expect(await store().deliveries.attempts(delivery.id)).toEqual([]);
        expect(await store().replaysWriter.replayDelivery(delivery.id, 'msg', testStart)).toBe('unknown');
      }
      expect(await store().replays.get(replay?.id ?? '')).toBeUndefined();
      expect(await store().replays.list(id)).toEqual([]);
      expect(await store().replaysWriter.cancel(replay?.id ?? '', testStart)).toBeUndefined();
    });

    it('is served by nobody any more, whoever had it', async () => {
      const { id, lease } = await drive().serve();
      const [delivery] = (await drive().cut(lease, 0, 1, [1])) ?? [];
      await store().endpointsWriter.remove(id);
      expect(await drive().settle(lease, delivery ?? { id: '' }, delivered)).toBe(false);
      expect(await drive().cut(lease, 1, 2, [2])).toBeUndefined();
      expect(await store().dispatch.renew([lease], testStart + minute)).toEqual([]);
      expect(await drive().acquire(testStart + 60 * minute)).toEqual([]);
    });

    it('is swept away in small steps, and its ids are never used again', async () => {
      const { id, lease } = await drive().serve();
      await drive().cut(lease, 0, 200_000, ...range(1, 7).map((each) => [each, each + 100_000]));
      expect(await store().endpointsWriter.sweepRemoved(5)).toBe(0);
      await store().endpointsWriter.remove(id);
      expect(await store().endpointsWriter.sweepRemoved(5)).toBe(5);
      expect(await store().endpointsWriter.sweepRemoved(5)).toBe(2);
      expect(await store().endpointsWriter.sweepRemoved(5)).toBe(0);
      const next = await drive().serve();
      expect(next.id).toBe('e2');
      expect(await drive().cut(next.lease, 0, 1, [1])).toMatchObject([{ id: 'd8' }]);
      expect(await store().deliveries.covered(next.id, [1, 2, 100_001])).toEqual([1]);
      expect(await store().endpoints.tally(next.id)).toMatchObject({ pending: 1 });
    });
  });

  describe('the keys that sign links', () => {
    it('follow each other: the newest first, those before it until they expire', async () => {
      const { linkKeys, linkKeysWriter } = store();
      expect(await linkKeys.list()).toEqual([]);
      const first = { id: 'a', secret: 'x', createdAt: testStart };
      await linkKeysWriter.rotate(first, testStart + 5);
      expect(await linkKeys.list()).toEqual([first]);
      const second = { id: 'b', secret: 'y', createdAt: testStart + 1 };
      await linkKeysWriter.rotate(second, testStart + 100);
      await linkKeysWriter.rotate({ id: 'c', secret: 'z', createdAt: testStart + 2 }, testStart + 500);
      expect(await linkKeys.list()).toEqual([
        { id: 'c', secret: 'z', createdAt: testStart + 2 },
        { ...second, expiresAt: testStart + 500 },
        { ...first, expiresAt: testStart + 100 },
      ]);
    });

    it('are not changed by adding one again', async () => {
      const { linkKeys, linkKeysWriter } = store();
      await linkKeysWriter.rotate({ id: 'a', secret: 'x', createdAt: testStart }, testStart);
      await linkKeysWriter.rotate({ id: 'b', secret: 'y', createdAt: testStart + 1 }, testStart + 100);
      const before = await linkKeys.list();
      await linkKeysWriter.rotate({ id: 'a', secret: 'other', createdAt: testStart + 2 }, testStart);
      expect(await linkKeys.list()).toEqual(before);
    });
  });
}
