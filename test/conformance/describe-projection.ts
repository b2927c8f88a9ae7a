import { describe, expect, it } from 'vitest';
import { rebuildProjection } from '../../src/project/projector.js';
import { toChange } from '../../src/project/to-change.js';
import { messageTypes } from '../../src/protocol/message.js';
import { eventTypes } from '../../src/store/journal.js';
import { makeLink, makeMessage, noteOf, recordOf, reportOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { archived, asset, blocked, lost, toInstant, useStore, type OpenStore } from './store-under-test.js';

const day = 86_400_000;
const link = (deadlineAt: number, signature: string, path = 'a.wav') => makeLink(path, deadlineAt, signature);

export function describeProjection(open: OpenStore): void {
  const store = useStore(open);
  const call = async (callId = '1^1') => {
    const found = await store().calls.get(callId);
    if (!found) throw new Error(`there is no call ${callId}`);
    return found;
  };

  describe('a call', () => {
    it('is everything that one record tells', async () => {
      await store().take(recordOf('1^1', { taskId: 't', detailId: 'd', batchId: 'b', outId: 'o' }));
      expect(await call()).toEqual({
        callId: '1^1',
        taskId: 't',
        detailId: 'd',
        batchId: 'b',
        outId: 'o',
        startTime: '2025-05-22 12:29:20',
        endTime: '2025-05-22 12:31:31',
        startAt: Date.UTC(2025, 4, 22, 4, 29, 20),
        endAt: Date.UTC(2025, 4, 22, 4, 31, 31),
        durationSeconds: 125,
        flags: [],
        recordings: [await store().recordingOf('1^1')],
        at: Date.UTC(2025, 4, 22, 4, 29, 20),
        firstReceivedAt: testStart,
        lastReceivedAt: testStart,
      });
    });

    it('has no field that nothing told of', async () => {
      await store().take(noteOf('1^1'));
      expect(await call()).toEqual({
        callId: '1^1',
        flags: [],
        recordings: [],
        at: testStart,
        firstReceivedAt: testStart,
        lastReceivedAt: testStart,
      });
      expect(await store().calls.get('2^2')).toBeUndefined();
    });

    it('is put together from messages of all types, in any order', async () => {
      const messages = [
        recordOf('1^1', { taskId: 't' }),
        reportOf('1^1', { startTime: '2025-05-22 12:29:25', duration: 120, outId: 'o' }),
        noteOf('1^1', { detailId: 'd' }),
      ];
      await store().take(...messages);
      const inOrder = await call();
      await store().take(...messages.toReversed().map((fields) => ({ ...fields, callId: '2^2' })));
      expect({ ...(await call('2^2')), callId: '1^1', recordings: [] }).toEqual({
        ...inOrder,
        recordings: [],
      });
      expect(inOrder).toMatchObject({ taskId: 't', outId: 'o', detailId: 'd', durationSeconds: 125 });
    });

    it('takes the newest word, and keeps what a newer message does not speak of', async () => {
      await store().take(recordOf('1^1', { outId: 'o', taskId: 't1' }));
      await store().take(recordOf('1^1', { taskId: 't2', duration: 7, startTime: null }));
      expect(await call()).toMatchObject({
        outId: 'o',
        taskId: 't2',
        durationSeconds: 7,
        startTime: '2025-05-22 12:29:20',
      });
    });

    it("never lets a report's times replace a record's", async () => {
      await store().take(recordOf('1^1'));
      await store().take(reportOf('1^1', { startTime: '2025-05-22 12:29:25', duration: 120 }));
      expect(await call()).toMatchObject({ startTime: '2025-05-22 12:29:20', durationSeconds: 125 });
    });

    it('has the flags of the message that its times come from', async () => {
      await store().take(reportOf('1^1', { startTime: 'x', duration: 'y' }));
      expect((await call()).flags).toEqual(['time-unreadable', 'duration-unreadable']);
      await store().take(noteOf('1^1'));
      expect((await call()).flags).toEqual(['time-unreadable', 'duration-unreadable']);
      await store().take(recordOf('1^1', { recordFile: 'no link' }));
      expect((await call()).flags).toEqual(['link-unusable']);
      await store().take(recordOf('1^1'));
      expect((await call()).flags).toEqual([]);
    });

    it('knows when it was first and last heard of, whatever the order', async () => {
      for (const at of [50, 10, 90, 30]) {
        await store().take(makeMessage(noteOf('1^1', { at }), testStart + at));
      }
      expect(await call()).toMatchObject({ firstReceivedAt: testStart + 10, lastReceivedAt: testStart + 90 });
    });

    it('keeps every revision in the journal', async () => {
      for (const duration of [1, 2, 2, 3]) await store().take(recordOf('1^1', { duration }));
      expect(await store().journal.ofCall('1^1')).toHaveLength(3);
    });
  });

  describe('a recording', () => {
    it('is one file of a call: the same path is the same recording, whatever its query', async () => {
      await store().take(
        recordOf('1^1', { recordFile: link(testStart + day, 'a') }),
        recordOf('1^1', { recordFile: link(testStart + 2 * day, 'b') }),
        recordOf('1^1', { recordFile: link(testStart + day, 'a', 'b.wav') }),
        recordOf('2^2', { recordFile: link(testStart + day, 'a') }),
      );
      expect((await call('1^1')).recordings.map(({ path }) => path)).toEqual(['/a.wav', '/b.wav']);
      expect((await call('2^2')).recordings).toHaveLength(1);
      expect(await store().recordings.counts()).toMatchObject({ pending: 3 });
    });

    it('is another one where the query says that it is another file, and the same where it only signs', async () => {
      const at = (query: string) => ({ recordFile: `http://h.example/record/?${query}` });
      const fresh = (testStart + 9 * day) / 1000;
      await store().take(recordOf('1^1', at('file=a.wav&token=t')));
      await store().take(
        recordOf('1^1', at('file=b.wav&token=t')),
        recordOf('1^1', at(`Expires=${fresh}&token=t&File=a.wav&Signature=x`)),
      );
      const { items } = await store().recordings.list({ callId: '1^1', limit: 9 });
      expect(items.map(({ id, path }) => [id, path]).toSorted()).toEqual([
        ['r1', '/record/'],
        ['r2', '/record/'],
      ]);
      const links = (await store().claim()).map(({ link: claimed }) => claimed.replace(/.*[?]/, ''));
      expect(links.toSorted()).toEqual([
        `Expires=${fresh}&token=t&File=a.wav&Signature=x`,
        'file=b.wav&token=t',
      ]);
      const before = await store().everything();
      const { journal, rebuild } = store();
      await rebuildProjection({ journal, rebuild, toInstant }, () => undefined);
      expect(await store().everything()).toEqual(before);
    });

    it('has a deadline behind its receipt whatever was said of it, and the call says so', async () => {
      const odd = [
        { recordFile: link(0, 'a') },
        { recordFile: 'http://h.example/a.wav?Expires=604800' },
        { recordFile: 'http://h.example/a.wav', endTime: '1970-01-01 08:00:00' },
        { recordFile: `http://h.example/a.wav?Expires=${testStart + 7 * day}` },
      ];
      for (const [index, fields] of odd.entries()) {
        await store().take(recordOf(`${index}^1`, fields));
        expect(await store().recordingOf(`${index}^1`)).toMatchObject({ deadlineAt: testStart + 7 * day });
        expect((await store().calls.get(`${index}^1`))?.flags).toEqual(['deadline-doubted']);
      }
    });

    it('is that of the link that was meant, and the call says that it came odd', async () => {
      const recordFile = `${link(testStart + day, 'a').replaceAll('&', '&amp;')}\u200b`;
      await store().take(recordOf('1^1', { recordFile }));
      expect(await store().recordingOf('1^1')).toMatchObject({ deadlineAt: testStart + day });
      expect((await call()).flags).toEqual(['link-respelt']);
    });

    it('begins as pending, due at once, with the deadline of its link', async () => {
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'a') }));
      expect(await store().recordingOf('1^1')).toEqual({
        id: 'r1',
        callId: '1^1',
        state: 'pending',
        host: 'alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com',
        path: '/a.wav',
        deadlineAt: testStart + day,
        nextAttemptAt: testStart,
        attempts: 0,
        flags: [],
      });
    });

    it('is none where the link is unusable', async () => {
      await store().take(recordOf('1^1', { recordFile: '' }));
      expect((await call()).recordings).toEqual([]);
      expect(await store().recordings.counts()).toMatchObject({ pending: 0 });
    });

    it('gets a fresh link: the deadline moves', async () => {
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'old') }));
      await store().take(recordOf('1^1', { recordFile: link(testStart + 2 * day, 'new') }));
      expect(await store().recordingOf('1^1')).toMatchObject({ deadlineAt: testStart + 2 * day });
      const [download] = await store().claim();
      expect(download?.link).toContain('Signature=new');
    });

    it('keeps its link where an older one arrives late', async () => {
      await store().take(recordOf('1^1', { recordFile: link(testStart + 2 * day, 'new') }));
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'old') }));
      expect(await store().recordingOf('1^1')).toMatchObject({ deadlineAt: testStart + 2 * day });
      const [download] = await store().claim();
      expect(download?.link).toContain('Signature=new');
    });

    it.each([
      ['lost', lost],
      ['blocked', blocked],
    ] as const)(
      'is revived by a fresh link when it was %s, even by one that dies earlier',
      async (state, verdict) => {
        await store().take(recordOf('1^1', { recordFile: link(testStart + 2 * day, 'old') }));
        await store().conclude('1^1', verdict);
        expect(await store().recordingOf('1^1')).toMatchObject({ state });
        await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'new') }));
        expect(await store().recordingOf('1^1')).toMatchObject({
          state: 'pending',
          deadlineAt: testStart + day,
        });
        const [download] = await store().claim();
        expect(download).toMatchObject({ forced: true, attempts: 1 });
        expect(download?.link).toContain('Signature=new');
      },
    );

    it('is not revived by the very link that was lost', async () => {
      const recordFile = link(testStart + day, 'a');
      await store().take(recordOf('1^1', { recordFile }));
      await store().conclude('1^1', lost);
      await store().take(recordOf('1^1', { recordFile, duration: 3 }));
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'lost' });
    });

    it('gets a fresh link that dies earlier than an older one was assumed to', async () => {
      const bare = (signature: string) => link(testStart, signature).replace(/Expires=\d+&?/, '');
      await store().take(recordOf('1^1', { recordFile: bare('old') }));
      expect((await store().recordingOf('1^1')).deadlineAt).toBeGreaterThan(testStart + 2 * day);
      await store().take(recordOf('1^1', { recordFile: link(testStart + 2 * day, 'new') }));
      expect(await store().recordingOf('1^1')).toMatchObject({ deadlineAt: testStart + 2 * day });
      const [download] = await store().claim();
      expect(download?.link).toContain('Signature=new');
    });

    it('is had again by a fresh link where it was archived without any sound', async () => {
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'old') }));
      await store().conclude('1^1', { ...archived, flags: ['empty', 'short'] });
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'old'), duration: 3 }));
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'archived' });
      await store().take(recordOf('1^1', { recordFile: link(testStart + 2 * day, 'new') }));
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'pending' });
      await store().conclude('1^1', archived);
      const after = await store().recordingOf('1^1');
      expect(after).toMatchObject({ state: 'archived', flags: [] });
      const { journal, rebuild } = store();
      await rebuildProjection({ journal, rebuild, toInstant }, () => undefined);
      expect(await store().recordingOf('1^1')).toEqual(after);
    });

    it('is told anew where its bytes are described again, and by a rebuild, too', async () => {
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 's') }));
      await store().conclude('1^1', { ...archived, flags: ['unrecognised'] });
      const { id } = await store().recordingOf('1^1');
      const { codec: _codec, channels: _channels, ...rest } = asset;
      const told = { asset: { ...rest, container: 'aac', seconds: 9 }, flags: ['short'] as const };
      expect(await store().recordingsWriter.describe(id, told, testStart + 5)).toBe(true);
      await store().project();
      const after = await store().recordingOf('1^1');
      expect(after).toMatchObject({ state: 'archived', asset: told.asset, flags: ['short'] });
      expect(after.asset).not.toHaveProperty('codec');

      const other = { ...told, asset: { ...told.asset, sha256: 'cd'.repeat(32) } };
      expect(await store().recordingsWriter.describe(id, other, testStart + 6)).toBe(false);
      expect(await store().recordingsWriter.describe('r99', told, testStart + 6)).toBe(false);

      const { journal, rebuild } = store();
      await rebuildProjection({ journal, rebuild, toInstant }, () => undefined);
      expect(await store().recordingOf('1^1')).toEqual(after);
    });

    it('stays as it is once it is archived', async () => {
      await store().take(recordOf('1^1', { recordFile: link(testStart + day, 'a') }));
      await store().conclude('1^1', archived);
      const before = await store().recordingOf('1^1');
      await store().take(recordOf('1^1', { recordFile: link(testStart + 9 * day, 'b') }));
      expect(await store().recordingOf('1^1')).toEqual(before);
      expect(before).toMatchObject({ state: 'archived', asset, flags: [] });
      expect(await store().claim()).toEqual([]);
    });
  });

  describe('the projection', () => {
    it('has its cursor where the changes end', async () => {
      await store().take(recordOf('1^1'), recordOf('2^2'));
      expect(await store().journal.cursors()).toMatchObject({ projector: 2 });
    });

    it('is not changed by applying what it has seen once more, from anywhere', async () => {
      await store().take(
        recordOf('1^1', { recordFile: link(testStart + 2 * day, 'a'), taskId: 'old' }),
        recordOf('1^1', { recordFile: link(testStart + day, 'b'), taskId: 'new' }),
        reportOf('1^1', { startTime: 'x' }),
        noteOf('2^2'),
      );
      await store().conclude('1^1', lost);
      const before = await store().everything();
      const entries = await store().journal.read(0, 100, [...messageTypes, ...eventTypes]);
      const changes = entries.map((entry) => toChange(entry, toInstant));
      for (let from = 0; from < changes.length; from++) {
        for (const to of [from + 1, changes.length]) {
          await store().projection.apply(changes.slice(from, to), entries[to - 1]?.seq ?? 0);
          expect(await store().everything()).toEqual(before);
        }
      }
      expect(await store().journal.cursors()).toMatchObject({ projector: entries.length });
    });
  });
}
