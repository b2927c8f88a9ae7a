import { describe, expect, it } from 'vitest';
import { rebuildProjection } from '../../src/project/projector.js';
import type { Acknowledgement } from '../../src/store/reviews.js';
import { makeLink, recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { dead, delivered, driveDispatch, halvedInto } from './dispatch-driver.js';
import { archived, lost, type OpenStore, toInstant, useStore } from './store-under-test.js';

export function describeAcknowledgements(open: OpenStore): void {
  const store = useStore(open);
  const drive = () => driveDispatch(store());
  const said = (reason: string): Acknowledgement => ({
    ...{ reason, actorId: 'a1', actorName: 'Ann', at: testStart + 7 },
  });
  const acknowledge = {
    recording: (id: string, reason = 'the sender has no copy') =>
      store().acknowledgements.acknowledgeRecording(id, said(reason)),
    delivery: (id: string, reason = 'the receiver is gone') =>
      store().acknowledgements.acknowledgeDelivery(id, said(reason)),
  };
  const waitingAt = async (endpointId: string) => ({
    dead: (await store().endpoints.tally(endpointId)).dead,
    listed: (await store().deliveries.list({ isWaiting: true, limit: 100 })).items.map(({ id }) => id),
  });

  describe('the loss of a recording', () => {
    const lose = async (callId: string) => {
      await store().take(recordOf(callId, { recordFile: makeLink(`${callId}.wav`, testStart + 9_000_000) }));
      await store().conclude(callId, lost);
      return (await store().recordingOf(callId)).id;
    };
    const unacknowledged = async (query: { callId?: string } = {}) =>
      (
        await store().recordings.list({ ...query, state: 'lost', isUnacknowledged: true, limit: 9 })
      ).items.map(({ callId }) => callId);

    it('counts no more once it is acknowledged, and the reason stays with it', async () => {
      const [first, second] = [await lose('1^1'), await lose('2^2')];
      expect(await acknowledge.recording(first, 'one')).toBe('acknowledged');
      expect(await acknowledge.recording(first, 'two')).toBe('acknowledged');
      expect(await store().acknowledgements.countRecordings()).toBe(1);
      expect(await store().acknowledgements.ofRecordings([first, second])).toEqual([
        { id: first, ...said('two') },
      ]);
      expect(await unacknowledged()).toEqual(['2^2']);
      expect(await unacknowledged({ callId: '1^1' })).toEqual([]);
      expect((await store().recordings.counts()).lost).toBe(2);
    });

    it('is one loss: the same recording, lost once more or archived, is not acknowledged', async () => {
      const [again, kept] = [await lose('1^1'), await lose('2^2')];
      for (const id of [again, kept]) await acknowledge.recording(id);
      for (const id of [again, kept]) await store().recordingsWriter.retryNow(id, testStart);
      expect(await store().acknowledgements.countRecordings()).toBe(0);
      for (const download of await store().claim()) {
        await store().settle(download, download.callId === '1^1' ? lost : archived);
      }
      await store().project();
      expect(await unacknowledged()).toEqual(['1^1']);
      expect(await store().acknowledgements.ofRecordings([again, kept])).toEqual([]);
      expect(await acknowledge.recording(kept)).toBe('other-state');
    });

    it('is of a recording that is there and lost', async () => {
      await store().take(recordOf('1^1', { recordFile: makeLink('1.wav', testStart + 9_000_000) }));
      expect(await acknowledge.recording((await store().recordingOf('1^1')).id)).toBe('other-state');
      for (const id of ['r999', 'd1', '']) expect(await acknowledge.recording(id)).toBe('unknown');
    });

    it('stays acknowledged when calls and recordings are built anew', async () => {
      await acknowledge.recording(await lose('1^1'));
      const { journal, rebuild } = store();
      await rebuildProjection({ journal, rebuild, toInstant }, () => undefined);
      expect(await store().acknowledgements.countRecordings()).toBe(1);
    });
  });

  describe('a dead delivery', () => {
    it('waits until it is replayed, whatever becomes of that', async () => {
      const { id, lease } = await drive().serve();
      const first = await drive().conclude(lease, 0, [1], dead);
      const second = await drive().conclude(lease, 1, [2], dead);
      expect(await waitingAt(id)).toEqual({ dead: 2, listed: [second, first] });
      await store().replaysWriter.replayDelivery(first, 'msg_new', testStart);
      expect(await waitingAt(id)).toEqual({ dead: 1, listed: [second] });
      await drive().settle(lease, { id: 'd3' }, dead);
      expect(await waitingAt(id)).toEqual({ dead: 2, listed: ['d3', second] });
      await store().replaysWriter.replayDelivery('d3', 'msg_newer', testStart);
      await drive().settle(lease, { id: 'd4' }, delivered);
      expect(await waitingAt(id)).toEqual({ dead: 1, listed: [second] });
    });

    it('waits no more once it is acknowledged, and no replay of the dead ones sends it', async () => {
      const { id, lease } = await drive().serve();
      const first = await drive().conclude(lease, 0, [1], dead);
      const second = await drive().conclude(lease, 1, [2], dead);
      expect(await acknowledge.delivery(first, 'one')).toBe('acknowledged');
      expect(await acknowledge.delivery(first, 'two')).toBe('acknowledged');
      expect(await waitingAt(id)).toEqual({ dead: 1, listed: [second] });
      expect(await store().deliveries.get(first)).toMatchObject({ state: 'dead', isAcknowledged: true });
      expect(await store().deliveries.get(first)).not.toHaveProperty('replayedAs');
      expect(await store().acknowledgements.ofDeliveries([first, second])).toEqual([
        { id: first, ...said('two') },
      ]);
      expect((await store().deliveries.causes()).items).toMatchObject([{ deliveries: 1 }]);
    });

    it('can still be replayed by itself', async () => {
      const { lease } = await drive().serve();
      const first = await drive().conclude(lease, 0, [1], dead);
      await acknowledge.delivery(first);
      await store().replaysWriter.replayDelivery(first, 'msg_new', testStart);
      expect(await store().deliveries.get(first)).toMatchObject({ replayedAs: 'd2' });
      expect(await store().deliveries.get(first)).not.toHaveProperty('isAcknowledged');
      expect(await acknowledge.delivery(first)).toBe('other-state');
    });

    it('is acknowledged with the dead parts of a halved one', async () => {
      const { id, lease } = await drive().serve();
      const whole = await drive().cutOne(lease, 0, [1, 2]);
      await drive().settle(lease, whole, halvedInto([1], [2]));
      const [left, right] = await store().deliveries.open(id, 9);
      await drive().settle(lease, left ?? { id: '' }, dead);
      await drive().settle(lease, right ?? { id: '' }, delivered);
      expect(await waitingAt(id)).toEqual({ dead: 1, listed: [left?.id] });
      expect(await acknowledge.delivery(whole.id)).toBe('acknowledged');
      expect(await waitingAt(id)).toEqual({ dead: 0, listed: [] });
      expect(await acknowledge.delivery(right?.id ?? '')).toBe('other-state');
    });

    it('is of an endpoint that is there', async () => {
      const { id, lease } = await drive().serve();
      const first = await drive().conclude(lease, 0, [1], dead);
      await store().endpointsWriter.remove(id);
      expect(await acknowledge.delivery(first)).toBe('unknown');
      for (const unknown of ['d999', 'r1', '']) expect(await acknowledge.delivery(unknown)).toBe('unknown');
    });

    it('is listed in pages, of one endpoint or of all', async () => {
      const [one, two] = [await drive().serve(), await drive().serve()];
      const ids = [
        await drive().conclude(one.lease, 0, [1], dead),
        await drive().conclude(two.lease, 0, [1], dead),
        await drive().conclude(one.lease, 1, [2], dead),
      ];
      const page = async (query: { endpointId?: string; after?: string }) =>
        await store().deliveries.list({ ...query, isWaiting: true, limit: 2 });
      const first = await page({});
      expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
      expect((await page({ after: first.next ?? '' })).items.map(({ id }) => id)).toEqual([ids[0]]);
      expect((await page({ endpointId: two.id })).items.map(({ id }) => id)).toEqual([ids[1]]);
    });
  });
}
