import { describe, expect, it } from 'vitest';
import type { DeliveryReason } from '../../src/domain/delivery.js';
import type { ReplaySelection } from '../../src/store/replays.js';
import type { ReplayStep } from '../../src/store/deliveries.js';
import { testStart } from '../support/temporary-store.js';
import {
  attemptAt,
  batchesOf,
  dead,
  delivered,
  driveDispatch,
  halvedInto,
  range,
  retryAt,
} from './dispatch-driver.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeReplays(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());
  const window = (afterSeq: number, untilSeq: number, missed = false): ReplaySelection => ({
    kind: 'window',
    afterSeq,
    untilSeq,
    missed,
  });

  const start = async (id: string, selection: ReplaySelection, now = testStart) => {
    const replay = await store().replaysWriter.start(id, selection, now);
    if (!replay) throw new Error('there is no such endpoint');
    return replay;
  };
  const step = (what: Pick<ReplayStep, 'lease' | 'replayId' | 'position'> & Partial<ReplayStep>) =>
    store().dispatch.cutReplay({ batches: [], repeats: [], isDone: false, now: testStart, ...what });
  /** An endpoint with dead deliveries of one message each. */
  const serveDead = async (...seqs: number[]) => {
    const served = await drive().serve();
    let cursor = 0;
    const ids: string[] = [];
    for (const seq of seqs) {
      ids.push(await drive().conclude(served.lease, cursor, [seq], dead));
      cursor = seq;
    }
    return { ...served, ids };
  };

  /** One of a message each, which died of these, one after the other. */
  const serveDeadOf = async (...reasons: DeliveryReason[]) => {
    const served = await drive().serve();
    const ids: string[] = [];
    for (const [index, reason] of reasons.entries()) {
      const delivery = await drive().cutOne(served.lease, index, [index + 1]);
      await drive().settle(served.lease, delivery, dead, { attempt: attemptAt(testStart, { reason }) });
      ids.push(delivery.id);
    }
    return { ...served, ids };
  };

  describe('replaying one delivery', () => {
    it('makes a new one of the same messages, and the old one stays as it is', async () => {
      const { id, lease, ids } = await serveDead(1);
      const [waiting] = (await drive().cut(lease, 1, 2, [2])) ?? [];
      const before = await store().deliveries.get(ids[0] ?? '');
      const made = await store().replaysWriter.replayDelivery(ids[0] ?? '', 'msg_new', testStart + 5);
      expect(made).toEqual({
        id: 'd3',
        endpointId: id,
        state: 'pending',
        webhookId: 'msg_new',
        count: 1,
        firstSeq: 1,
        lastSeq: 1,
        attempts: 0,
        nextAttemptAt: testStart + 5,
        createdAt: testStart + 5,
        replayOf: ids[0],
      });
      expect(await store().deliveries.get(ids[0] ?? '')).toEqual({ ...before, replayedAs: 'd3' });
      const waitingNow = await store().deliveries.open(id, 9);
      expect(waitingNow.map((each) => each.id)).toEqual([waiting?.id, 'd3']);
      expect(await store().endpoints.tally(id)).toMatchObject({ pending: 2, dead: 0 });
    });

    it('may be done again, and of what was delivered; the old one names the latest', async () => {
      const { lease } = await drive().serve();
      const id = await drive().conclude(lease, 0, [3, 1], delivered);
      await store().replaysWriter.replayDelivery(id, 'a', testStart);
      await store().replaysWriter.replayDelivery(id, 'b', testStart);
      expect(await store().deliveries.get(id)).toMatchObject({ state: 'delivered', replayedAs: 'd3' });
      expect(await store().deliveries.seqs('d3')).toEqual([3, 1]);
    });

    it('is refused for what is on its way, whole or in halves', async () => {
      const { lease } = await drive().serve();
      const [first] = (await drive().cut(lease, 0, 2, [1, 2])) ?? [];
      const replay = () => store().replaysWriter.replayDelivery(first?.id ?? '', 'msg', testStart);
      expect(await replay()).toBe('pending');
      await drive().settle(lease, first ?? { id: '' }, halvedInto([1], [2]));
      expect(await replay()).toBe('pending');
      expect(await store().replaysWriter.replayDelivery('d9', 'msg', testStart)).toBe('unknown');
      expect(await store().replaysWriter.replayDelivery('x', 'msg', testStart)).toBe('unknown');
    });

    it('of a halved one replays its dead parts with it', async () => {
      const { id, lease } = await drive().serve();
      const [whole] = (await drive().cut(lease, 0, 3, [1, 2, 3])) ?? [];
      await drive().settle(lease, whole ?? { id: '' }, halvedInto([1], [2, 3]));
      for (const half of await store().deliveries.open(id, 9)) await drive().settle(lease, half, dead);
      expect(await store().replays.countDead(id)).toEqual({ deliveries: 2, messages: 3 });
      await store().replaysWriter.replayDelivery(whole?.id ?? '', 'msg', testStart);
      expect(await store().replays.countDead(id)).toEqual({ deliveries: 0, messages: 0 });
    });
  });

  describe('replaying all that is dead', () => {
    it('finds what nobody has replayed, no halved ones, in order', async () => {
      const { id, lease, ids } = await serveDead(1, 2, 3);
      await drive().conclude(lease, 3, [4], delivered);
      const [whole] = (await drive().cut(lease, 4, 9, range(5, 9))) ?? [];
      await drive().settle(lease, whole ?? { id: '' }, halvedInto([5, 6], [7, 8, 9]));
      const [good, bad] = await store().deliveries.open(id, 9);
      await drive().settle(lease, good ?? { id: '' }, delivered);
      await drive().settle(lease, bad ?? { id: '' }, dead);
      await store().replaysWriter.replayDelivery(ids[1] ?? '', 'msg', testStart);
      expect(await store().replays.countDead(id)).toEqual({ deliveries: 3, messages: 5 });
      const found = (position: number, end: number, limit: number) =>
        store().replays.deadDeliveries(id, position, end, limit);
      const all = [
        { id: ids[0], seqs: [1] },
        { id: ids[2], seqs: [3] },
        { id: bad?.id, seqs: [7, 8, 9] },
      ];
      expect(await found(0, 100, 10)).toEqual(all);
      expect(await found(0, 100, 2)).toEqual(all.slice(0, 2));
      expect(await found(1, 3, 10)).toEqual(all.slice(1, 2));
      expect(await found(100, 200, 10)).toEqual([]);
    });

    it('goes on step by step to where it was begun', async () => {
      const { id, lease, ids } = await serveDead(1, 2, 3);
      const replay = await start(id, { kind: 'dead' });
      expect(replay).toEqual({
        id: 'p1',
        endpointId: id,
        selection: { kind: 'dead' },
        state: 'running',
        position: 0,
        end: 3,
        deliveries: 0,
        messages: 0,
        createdAt: testStart,
      });
      expect(await store().replays.running(id)).toEqual(replay);
      const made = await step({
        lease,
        replayId: replay.id,
        position: 2,
        batches: [
          { webhookId: 'a', seqs: [1] },
          { webhookId: 'b', seqs: [2] },
        ],
        repeats: ids.slice(0, 2),
      });
      expect(made).toMatchObject([
        { id: 'd4', webhookId: 'a', seqs: [1], attempts: 0, nextAttemptAt: testStart },
        { id: 'd5', webhookId: 'b', seqs: [2] },
      ]);
      expect(await store().deliveries.get('d5')).toMatchObject({ replayOf: ids[1] });
      expect(await store().deliveries.get(ids[1] ?? '')).toMatchObject({ state: 'dead', replayedAs: 'd5' });
      expect(await store().replays.get('p1')).toEqual({ ...replay, position: 2, deliveries: 2, messages: 2 });
      const last = [{ webhookId: 'c', seqs: [3] }];
      const rest = { lease, replayId: 'p1', position: 3, batches: last, repeats: ids.slice(2) };
      await step({ ...rest, isDone: true, now: testStart + 9 });
      expect(await store().replays.get('p1')).toMatchObject({
        state: 'done',
        position: 3,
        deliveries: 3,
        messages: 3,
        endedAt: testStart + 9,
      });
      expect(await store().replays.running(id)).toBeUndefined();
      expect(await store().deliveries.covered(id, [1, 2, 3])).toEqual([1, 2, 3]);
    });

    it('leaves out what somebody has replayed by hand meanwhile', async () => {
      const { id, lease, ids } = await serveDead(1, 2);
      const { id: replayId } = await start(id, { kind: 'dead' });
      await store().replaysWriter.replayDelivery(ids[0] ?? '', 'by hand', testStart);
      const made = await step({ lease, replayId, position: 2, batches: batchesOf([1], [2]), repeats: ids });
      expect(made).toMatchObject([{ seqs: [2] }]);
      expect(await store().replays.get(replayId)).toMatchObject({ deliveries: 1, messages: 1 });
      expect(await store().deliveries.get(ids[0] ?? '')).toMatchObject({ replayedAs: 'd3' });
    });

    it('is done at once where nothing is dead', async () => {
      const { id } = await drive().serve();
      expect(await start(id, { kind: 'dead' })).toMatchObject({ state: 'done', endedAt: testStart });
      expect(await store().replays.countDead(id)).toEqual({ deliveries: 0, messages: 0 });
    });
  });

  describe('replaying what died of one reason', () => {
    it('finds and counts no others, in order', async () => {
      const { id, ids } = await serveDeadOf('timeout', 'server-error', 'timeout', 'dns-failure', 'timeout');
      const found = (position: number, end: number, limit: number) =>
        store().replays.deadDeliveries(id, position, end, limit, 'timeout');
      const all = [0, 2, 4].map((index) => ({ id: ids[index], seqs: [index + 1] }));
      expect(await found(0, 100, 10)).toEqual(all);
      expect(await found(0, 100, 2)).toEqual(all.slice(0, 2));
      expect(await found(1, 4, 10)).toEqual(all.slice(1, 2));
      expect(await store().replays.countDead(id, { reason: 'timeout' })).toEqual({
        deliveries: 3,
        messages: 3,
      });
      expect(await store().replays.countDead(id, { reason: 'timeout', end: 4 })).toMatchObject({
        deliveries: 2,
      });
      expect(await store().replays.countDead(id, { end: 4 })).toMatchObject({ deliveries: 4 });
      await store().replaysWriter.replayDelivery(ids[2] ?? '', 'by hand', testStart);
      expect(await found(0, 100, 10)).toEqual([all[0], all[2]]);
      expect(await store().replays.countDead(id, { reason: 'timeout' })).toEqual({
        deliveries: 2,
        messages: 2,
      });
      expect(await store().replays.countDead(id, { reason: 'redirect' })).toEqual({
        deliveries: 0,
        messages: 0,
      });
      expect(await store().replays.countDead(id)).toEqual({ deliveries: 4, messages: 4 });
    });

    it('finds none of a halved one but its dead halves', async () => {
      const { id, lease } = await drive().serve();
      const [whole] = (await drive().cut(lease, 0, 3, [1, 2, 3])) ?? [];
      await drive().settle(lease, whole ?? { id: '' }, halvedInto([1], [2, 3]));
      const [good, bad] = await store().deliveries.open(id, 9);
      await drive().settle(lease, good ?? { id: '' }, delivered);
      const attempt = attemptAt(testStart, { reason: 'content-refused' });
      await drive().settle(lease, bad ?? { id: '' }, dead, { attempt });
      expect(await store().deliveries.get(whole?.id ?? '')).toMatchObject({
        state: 'dead',
        reason: 'halved',
      });
      expect(await store().replays.countDead(id, { reason: 'halved' })).toEqual({
        deliveries: 0,
        messages: 0,
      });
      const found = await store().replays.deadDeliveries(id, 0, 100, 9, 'content-refused');
      expect(found).toEqual([{ id: bad?.id, seqs: [2, 3] }]);
    });

    it('ends with the last of them, and leaves the others dead', async () => {
      const { id, lease, ids } = await serveDeadOf('timeout', 'server-error', 'timeout', 'server-error');
      const replay = await start(id, { kind: 'dead', reason: 'timeout' });
      expect(replay).toMatchObject({ selection: { kind: 'dead', reason: 'timeout' }, position: 0, end: 3 });
      const first = { lease, replayId: replay.id, position: 1, batches: batchesOf([1]), repeats: [ids[0]!] };
      expect(await step(first)).toMatchObject([{ seqs: [1] }]);
      expect(await step(first)).toBeUndefined();
      const last = { lease, replayId: replay.id, position: 3, batches: batchesOf([3]), repeats: [ids[2]!] };
      expect(await step({ ...last, isDone: true })).toMatchObject([{ seqs: [3] }]);
      expect(await store().replays.get(replay.id)).toMatchObject({
        selection: { kind: 'dead', reason: 'timeout' },
        state: 'done',
        deliveries: 2,
      });
      expect(await store().replays.countDead(id, { reason: 'timeout' })).toEqual({
        deliveries: 0,
        messages: 0,
      });
      expect(await store().replays.deadDeliveries(id, 0, 100, 9)).toMatchObject([
        { id: ids[1] },
        { id: ids[3] },
      ]);
    });

    it('is done at once where nothing died of it', async () => {
      const { id } = await serveDeadOf('timeout');
      await serveDeadOf('redirect');
      const ofNothing = await start(id, { kind: 'dead', reason: 'redirect' });
      expect(ofNothing).toMatchObject({ state: 'done', endedAt: testStart });
    });
  });

  describe('replaying a window', () => {
    it('ends where the endpoint has come to: what lies beyond is on its way by itself', async () => {
      const { id, lease } = await drive().serve();
      await drive().cut(lease, 0, 50);
      expect(await start(id, window(10, 40, true))).toMatchObject({
        selection: { kind: 'window', afterSeq: 10, untilSeq: 40, missed: true },
        state: 'running',
        position: 10,
        end: 40,
      });
      expect(await start(id, window(10, 1_000))).toMatchObject({ position: 10, end: 50 });
      expect(await start(id, window(50, 1_000))).toMatchObject({ state: 'done' });
    });

    it('moves on where a stretch holds nothing', async () => {
      const { id, lease } = await drive().serve();
      await drive().cut(lease, 0, 50);
      const { id: replayId } = await start(id, window(0, 50));
      expect(await step({ lease, replayId, position: 30 })).toEqual([]);
      expect(await step({ lease, replayId, position: 50, isDone: true })).toEqual([]);
      expect(await store().replays.get(replayId)).toMatchObject({
        state: 'done',
        position: 50,
        deliveries: 0,
      });
    });
  });

  describe('a step of a replay', () => {
    it('is taken once, by whoever serves the endpoint', async () => {
      const { id, lease } = await drive().serve();
      const other = await drive().serve();
      await drive().cut(lease, 0, 50);
      const { id: replayId } = await start(id, window(0, 50));
      const first = { lease, replayId, position: 10, batches: batchesOf([1, 2]) };
      expect(await step({ ...first, lease: { ...lease, generation: 0 } })).toBeUndefined();
      expect(await step({ ...first, lease: other.lease })).toBeUndefined();
      expect(await step({ ...first, replayId: 'p9' })).toBeUndefined();
      expect(await step({ ...first, replayId: 'x' })).toBeUndefined();
      expect(await step(first)).toHaveLength(1);
      expect(await step(first)).toBeUndefined();
      expect(await step({ ...first, position: 9, batches: [] })).toBeUndefined();
      expect(await store().deliveries.open(id, 9)).toHaveLength(1);
    });

    it('is refused once the replay was cancelled; what was cut stays on its way', async () => {
      const { id, lease } = await drive().serve();
      await drive().cut(lease, 0, 50);
      const { id: replayId } = await start(id, window(0, 50));
      await step({ lease, replayId, position: 10, batches: batchesOf([1]) });
      const cancelled = await store().replaysWriter.cancel(replayId, testStart + 3);
      expect(cancelled).toMatchObject({ state: 'cancelled', position: 10, endedAt: testStart + 3 });
      expect(await step({ lease, replayId, position: 20, batches: batchesOf([2]) })).toBeUndefined();
      expect(await store().replays.running(id)).toBeUndefined();
      expect(await store().replaysWriter.cancel(replayId, testStart + 9)).toEqual(cancelled);
      expect(await store().deliveries.open(id, 9)).toMatchObject([{ seqs: [1] }]);
    });
  });

  describe('the replays of an endpoint', () => {
    it('are listed newest first, and run oldest first', async () => {
      const { id, lease } = await drive().serve();
      const other = await drive().serve();
      await drive().cut(lease, 0, 50);
      await drive().cut(other.lease, 0, 50);
      const made = [];
      for (const until of [10, 20, 30]) made.push(await start(id, window(0, until)));
      const elsewhere = await start(other.id, window(0, 5));
      expect(await store().replays.list(id)).toEqual(made.toReversed());
      expect(await store().replays.list(other.id)).toEqual([elsewhere]);
      expect(await store().replays.running(id)).toEqual(made[0]);
      await store().replaysWriter.cancel('p1', testStart);
      expect(await store().replays.running(id)).toEqual(made[1]);
    });

    it('are none of an endpoint or by an id that does not exist', async () => {
      await drive().serve();
      for (const id of ['e2', '', 'p1', 'e01']) {
        expect(await store().replaysWriter.start(id, { kind: 'dead' }, testStart)).toBeUndefined();
        expect(await store().replays.list(id)).toEqual([]);
        expect(await store().replays.running(id)).toBeUndefined();
        expect(await store().replays.deadDeliveries(id, 0, 100, 10)).toEqual([]);
        expect(await store().replays.countDead(id)).toEqual({ deliveries: 0, messages: 0 });
        expect(await store().replays.get(id)).toBeUndefined();
        expect(await store().replaysWriter.cancel(id, testStart)).toBeUndefined();
      }
    });
  });

  describe('a delivery that was replayed', () => {
    it('has a schedule of its own, and dies of its own', async () => {
      const { id, lease, ids } = await serveDead(1);
      await store().replaysWriter.replayDelivery(ids[0] ?? '', 'msg', testStart);
      const [again] = await store().deliveries.open(id, 9);
      await drive().settle(lease, again ?? { id: '' }, retryAt(testStart + 60_000));
      await drive().settle(lease, again ?? { id: '' }, dead);
      expect(await store().replays.deadDeliveries(id, 0, 100, 9)).toEqual([{ id: again?.id, seqs: [1] }]);
      expect(await store().deliveries.get(ids[0] ?? '')).toMatchObject({
        attempts: 1,
        replayedAs: again?.id,
      });
    });
  });
}
