import { describe, expect, it } from 'vitest';
import { rebuildProjection } from '../../src/project/projector.js';
import { toChange } from '../../src/project/to-change.js';
import { messageTypes } from '../../src/protocol/message.js';
import { eventTypes } from '../../src/store/journal.js';
import { recordFilePlaceholder } from '../../src/store/publishing.js';
import { makeLink, makeMessage, noteOf, recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { archived, asset, lost, toInstant, useStore, type OpenStore } from './store-under-test.js';

const allTypes = [...messageTypes, ...eventTypes];

export function describePublishing(open: OpenStore): void {
  const store = useStore(open);
  const recordingMessage = (callId: string, more = {}) =>
    makeMessage(recordOf(callId, { recordFile: recordFilePlaceholder, ...more }));
  const publish = (callId: string, more = {}) =>
    store().publishing.publishRecording({ message: recordingMessage(callId, more), asset, flags: [] });
  const rebuild = () =>
    rebuildProjection({ journal: store().journal, rebuild: store().rebuild, toInstant }, () => undefined);

  describe('published messages', () => {
    it('go into the journal in order, each told its number', async () => {
      await store().append([noteOf('0')]);
      const messages = [recordOf('1^1'), noteOf('2^2')].map((fields) => makeMessage(fields, 77));
      expect(await store().publishing.publish(messages)).toEqual([
        { seq: 2, isNew: true },
        { seq: 3, isNew: true },
      ]);
      expect(await store().journal.read(1, 10)).toEqual(
        messages.map(({ type, callId, text, source }, index) => ({
          seq: index + 2,
          type,
          callId,
          receivedAt: 77,
          source,
          text,
        })),
      );
    });

    it('are those that are there already, where they are the same', async () => {
      await store().append([recordOf('1')]);
      const again = [recordOf('1'), recordOf('2'), recordOf('2')].map((fields) => makeMessage(fields));
      expect(await store().publishing.publish(again)).toEqual([
        { seq: 1, isNew: false },
        { seq: 2, isNew: true },
        { seq: 2, isNew: false },
      ]);
      expect(await store().journal.lastSeq()).toBe(2);
    });

    it('are all there or none', async () => {
      const broken = { ...makeMessage(noteOf('2')), text: null as unknown as string };
      await expect(store().publishing.publish([makeMessage(noteOf('1')), broken])).rejects.toThrow();
      expect(await store().journal.lastSeq()).toBe(0);
    });
  });

  describe('a published recording', () => {
    it('is a message that refers to it, and the event that says that it is safe', async () => {
      await store().append([noteOf('0')]);
      expect(await publish('1^1')).toEqual({ seq: 2, isNew: true, recordingId: 'r2' });
      const [message, event] = await store().journal.read(1, 10, allTypes);
      expect(message?.text).toBe(JSON.stringify(recordOf('1^1', { recordFile: 'earshot:r2' })));
      expect(event).toMatchObject({ seq: 3, type: 'recording.archived', callId: '1^1' });
      const { archivedAt, ...described } = asset;
      expect(JSON.parse(event?.text ?? '')).toEqual({
        recordingId: 'r2',
        callId: '1^1',
        ...described,
        archivedAt: new Date(archivedAt).toISOString(),
      });
    });

    it('is archived from the start, and nobody ever downloads it', async () => {
      await publish('1^1');
      await store().project();
      expect(await store().recordingOf('1^1')).toEqual({
        id: 'r1',
        callId: '1^1',
        state: 'archived',
        host: 'earshot',
        path: 'r1',
        deadlineAt: Date.UTC(2025, 4, 22, 4, 31, 31) + 7 * 86_400_000,
        attempts: 0,
        flags: [],
        asset,
      });
      expect(await store().calls.get('1^1')).toMatchObject({ flags: [] });
      expect(await store().claim()).toEqual([]);
      expect(await store().recordingsWriter.retryNow('r1', testStart)).toBe('archived');
      expect(await store().recordings.counts()).toMatchObject({ pending: 0, archived: 1 });
    });

    it('is due for nobody between its message and its event', async () => {
      await publish('1^1');
      const [message, event] = await store().journal.read(0, 10, allTypes);
      if (!message || !event) throw new Error('both are there');
      await store().projection.apply([toChange(message, toInstant)], message.seq);
      const pending = await store().recordingOf('1^1');
      expect(pending).toMatchObject({ state: 'pending' });
      expect(pending.nextAttemptAt).toBeUndefined();
      expect(await store().claim({ now: testStart + 90 * 86_400_000 })).toEqual([]);
      expect(await store().recordingsWriter.retryNow('r1', testStart)).toBe('not-downloadable');
      expect(await store().recordingsWriter.remove('r1', testStart)).toEqual({ kind: 'running' });
      expect(await store().claim()).toEqual([]);
      await store().projection.apply([toChange(event, toInstant)], event.seq);
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'archived', asset });
    });

    it('is the same when calls are built anew', async () => {
      await store().take(noteOf('1^1'));
      await publish('1^1');
      await publish('1^1', { duration: 7 });
      await store().project();
      const before = await store().everything();
      await rebuild();
      expect(await store().everything()).toEqual(before);
      expect(before.counts).toMatchObject({ archived: 2 });
      expect(await store().claim()).toEqual([]);
    });

    it('is known again by its message', async () => {
      const first = await publish('1^1');
      expect(await publish('1^1')).toEqual({ ...first, isNew: false });
      expect(await store().journal.read(0, 10, allTypes)).toHaveLength(2);
    });

    it('is refused where its message has no place for the reference', async () => {
      await expect(publish('1^1', { recordFile: 'http://h/x' })).rejects.toThrow(/placeholder/);
      expect(await store().journal.lastSeq()).toBe(0);
    });

    it('leaves the same words alone where they are no link', async () => {
      await publish('1^1', { outId: recordFilePlaceholder });
      const [message] = await store().journal.read(0, 1);
      const fields = { outId: recordFilePlaceholder, recordFile: 'earshot:r1' };
      expect(JSON.parse(message?.text ?? '')).toMatchObject(fields);
    });

    it('cannot be claimed by a message that was received', async () => {
      await publish('1^1');
      await store().take(
        recordOf('1^1', { recordFile: 'earshot:r1' }),
        recordOf('2^2', { recordFile: 'earshot:r1' }),
        recordOf('1^1', { recordFile: 'https://storage.example/r1?Expires=1900000000' }),
      );
      expect(await store().calls.get('2^2')).toMatchObject({ recordings: [], flags: ['link-unusable'] });
      expect(await store().recordings.get('r1')).toMatchObject({ state: 'archived', host: 'earshot' });
      expect(await store().claim()).toMatchObject([{ host: 'storage.example', path: '/r1' }]);
    });
  });

  describe('a recording that is deleted', () => {
    const take = () => store().take(recordOf('1^1'));
    const remove = (id = 'r1', now = testStart + 5) => store().recordingsWriter.remove(id, now);
    const deletions = async () =>
      (await store().journal.ofCall('1^1', true))
        .filter(({ text }) => text.includes('"deleted"'))
        .map(({ text }) => JSON.parse(text) as unknown);

    it('is a state of its own, its asset forgotten, and the journal says so', async () => {
      await take();
      await store().conclude('1^1', { ...archived, flags: ['short'] });
      expect(await remove()).toEqual({ kind: 'removed', fileName: asset.fileName });
      const gone = await store().recordingOf('1^1');
      expect(gone).toMatchObject({ state: 'deleted', reason: 'deleted', flags: [] });
      expect(gone.asset).toBeUndefined();
      expect(await store().recordings.counts()).toMatchObject({ archived: 0, lost: 0, deleted: 1 });
      expect(await deletions()).toEqual([
        { recordingId: 'r1', callId: '1^1', reason: 'deleted', linkSeq: 1 },
      ]);
      expect(await store().claim()).toEqual([]);
    });

    it('is so before the projector has seen that it was archived, and afterwards', async () => {
      await take();
      const [download] = await store().claim();
      await store().settle(download ?? { id: '', generation: 0 }, archived);
      await remove();
      await store().project();
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted', reason: 'deleted' });
      await rebuild();
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted', reason: 'deleted' });
    });

    it('is so when calls are built anew before the projector has seen it', async () => {
      await take();
      await store().conclude('1^1', archived);
      await remove();
      await rebuild();
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted', reason: 'deleted' });
      await store().project();
      expect((await store().recordingOf('1^1')).asset).toBeUndefined();
      expect(await store().recordings.counts()).toMatchObject({ archived: 0, lost: 0, deleted: 1 });
    });

    it('may be any: what waits is not downloaded any more, what was lost is lost by hand', async () => {
      await take();
      expect(await remove()).toEqual({ kind: 'removed' });
      expect(await store().claim()).toEqual([]);
      await store().take(recordOf('1^1', { recordFile: makeLink('b.wav', testStart) }));
      await store()
        .conclude('1^1', lost)
        .catch(() => undefined);
      for (const download of await store().claim()) await store().settle(download, lost);
      expect(await remove('r3')).toEqual({ kind: 'removed' });
      expect(await store().recordings.get('r3')).toMatchObject({ state: 'deleted', reason: 'deleted' });
      await store().project();
      const before = await store().everything();
      await rebuild();
      expect(await store().everything()).toEqual(before);
    });

    it('is deleted once', async () => {
      await take();
      await store().conclude('1^1', archived);
      await remove();
      expect(await remove()).toEqual({ kind: 'removed' });
      expect(await deletions()).toHaveLength(1);
    });

    it('is not deleted under a download that runs, but under one that was given up', async () => {
      await take();
      const [download] = await store().claim();
      const until = download?.until ?? 0;
      expect(await remove('r1', until - 1)).toEqual({ kind: 'running' });
      expect(await remove('r1', until)).toEqual({ kind: 'removed' });
      expect(await store().settle(download ?? { id: '', generation: 0 }, archived)).toBe(false);
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted', reason: 'deleted' });
    });

    it('is one that is there', async () => {
      await take();
      for (const id of ['r2', '', 'e1']) expect(await remove(id)).toEqual({ kind: 'unknown' });
    });

    it('is not revived by a fresh link, but by a retry by hand, and can be deleted again', async () => {
      await take();
      await store().conclude('1^1', archived);
      await remove();
      const path = `${Buffer.from('1^1').toString('hex')}.wav`;
      await store().take(recordOf('1^1', { recordFile: makeLink(path, testStart + 86_400_000, 'fresh') }));
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted' });
      expect(await store().claim()).toEqual([]);
      await rebuild();
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted' });
      expect(await store().recordingsWriter.retryNow('r1', testStart + 10)).toBe('accepted');
      await store().conclude('1^1', archived);
      expect(await remove()).toMatchObject({ kind: 'removed', fileName: asset.fileName });
      await store().project();
      const before = await store().everything();
      await rebuild();
      expect(await store().everything()).toEqual(before);
      expect(await deletions()).toHaveLength(2);
    });

    it('stays so when calls are built anew, although its fresh link came before the deletion was folded', async () => {
      await take();
      await store().conclude('1^1', archived);
      const path = `${Buffer.from('1^1').toString('hex')}.wav`;
      await store().take(recordOf('1^1', { recordFile: makeLink(path, testStart + 86_400_000, 'fresh') }));
      await remove();
      await store().project();
      await rebuild();
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted' });
    });

    it('is found by its state', async () => {
      await take();
      await store().take(recordOf('2^2'));
      await remove();
      const { items } = await store().recordings.list({ state: 'deleted', limit: 5 });
      expect(items.map(({ id }) => id)).toEqual(['r1']);
      const calls = await store().calls.search({ state: 'deleted', limit: 5 });
      expect(calls.items.map(({ callId }) => callId)).toEqual(['1^1']);
    });

    it('has nothing to be fetched from where it was published here', async () => {
      await publish('1^1');
      await store().project();
      expect(await remove()).toEqual({ kind: 'removed', fileName: asset.fileName });
      expect(await store().recordingsWriter.retryNow('r1', testStart)).toBe('not-downloadable');
      await store().project();
      await rebuild();
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'deleted', reason: 'deleted' });
      expect(await store().claim()).toEqual([]);
    });
  });
}
