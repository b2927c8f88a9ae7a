import { describe, expect, it } from 'vitest';
import type { DownloadVerdict } from '../../src/domain/recording.js';
import { rebuildProjection } from '../../src/project/projector.js';
import type { NewMessage } from '../../src/store/journal.js';
import { makeMessage, noteOf, recordOf, reportOf, type Fields } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import {
  archived,
  asset,
  idsOf,
  lost,
  released,
  toInstant,
  useStore,
  type OpenStore,
} from './store-under-test.js';

const demo = (fields: Fields): NewMessage => ({ ...makeMessage(fields), source: 'demo' });
const now = testStart;

export function describeSourceErasure(open: OpenStore): void {
  const store = useStore(open);

  /** Two calls of the source, one archived and one lost, among others; and what people did with them. */
  async function fill(): Promise<void> {
    await store().take(
      recordOf('1^1'),
      demo(recordOf('2^2')),
      demo(reportOf('2^2')),
      demo(recordOf('3^3')),
      recordOf('4^4'),
      demo(noteOf('4^4')),
      noteOf('5^5'),
    );
    const verdicts = new Map<string, DownloadVerdict>([
      ['1^1', archived],
      ['2^2', { ...archived, asset: { ...asset, fileName: '2025-05-22/2.wav' } }],
      ['3^3', lost],
      ['4^4', released],
    ]);
    for (const download of await store().claim()) {
      await store().settle(download, verdicts.get(download.callId) ?? released);
    }
    await store().project();
    const { id } = await store().recordingOf('2^2');
    await store().waveformsWriter.keep([{ recordingId: id, reason: 'broken' }], 1);
    const author = { authorId: 'a', authorName: 'A', createdAt: now };
    await store().comments.add({ id: 'c1', callId: '2^2', text: 'x', ...author });
    await store().comments.add({ id: 'c2', callId: '1^1', text: 'x', ...author });
    for (const callId of ['1^1', '2^2']) await store().tags.add(callId, 'angry', 'a', now);
    await store().tags.add('2^2', 'only here', 'a', now);
  }

  async function findAll(limit: number): Promise<string[]> {
    const found = new Set<string>();
    for (let after: number | undefined = 0; after !== undefined;) {
      const stretch = await store().sourceErasure.find('demo', after, limit);
      for (const callId of stretch.callIds) found.add(callId);
      after = stretch.next;
    }
    return [...found];
  }

  const erase = (callId: string) => store().sourceErasure.eraseCall(callId, 'demo', now);

  const rebuild = () =>
    rebuildProjection({ journal: store().journal, rebuild: store().rebuild, toInstant }, () => undefined);

  describe('the erasure of a source', () => {
    it('finds its calls in stretches of any length', async () => {
      await fill();
      for (const limit of [1, 2, 3, 100]) expect(await findAll(limit)).toEqual(['2^2', '3^3', '4^4']);
      expect(await store().sourceErasure.find('nobody', 0, 100)).toEqual({ callIds: [] });
    });

    it('takes calls out with everything that hangs on them, and counts stay exact', async () => {
      await fill();
      await store().journalWriter.noteErasure('demo', now);
      await store().project();
      const { id } = await store().recordingOf('2^2');
      for (const callId of ['2^2', '3^3']) expect(await erase(callId)).toBe('erased');
      expect(await erase('4^4')).toBe('shared');
      expect(await erase('2^2')).toBe('unknown');

      const left = await store().everything();
      expect(idsOf(left.calls).sort()).toEqual(['1^1', '4^4', '5^5']);
      expect(left.counts).toEqual({ pending: 1, archived: 1, lost: 0, blocked: 0, deleted: 0 });
      expect(await store().calls.get('2^2')).toBeUndefined();
      expect(await store().journal.ofCall('2^2', true)).toEqual([]);
      expect(await store().recordings.get(id)).toBeUndefined();
      expect(await store().recordings.attempts(id)).toEqual([]);
      expect(await store().waveforms.get(id)).toBeUndefined();
      expect(await store().comments.ofCall('2^2')).toEqual([]);
      expect(await store().comments.ofCall('1^1')).toHaveLength(1);
      expect(await store().tags.list()).toEqual([{ tag: 'angry', calls: 1 }]);
      expect((await store().journal.ofCall('4^4')).map(({ source }) => source)).toEqual(['default', 'demo']);
    });

    it('leaves the same that a rebuild makes of what is left', async () => {
      await fill();
      await store().journalWriter.noteErasure('demo', now);
      await store().project();
      for (const callId of ['2^2', '3^3']) await erase(callId);
      const left = await store().everything();
      await rebuild();
      expect(await store().everything()).toEqual(left);
    });

    it('never lets the number of an entry be given again', async () => {
      await store().take(recordOf('1^1'), demo(recordOf('2^2')));
      expect(await erase('2^2')).toBe('busy');
      await store().journalWriter.noteErasure('demo', now);
      await store().project();
      const before = await store().journal.lastSeq();
      expect(await erase('2^2')).toBe('erased');
      expect(await store().journal.lastSeq()).toBe(before);
      expect(await store().journal.cursors()).toMatchObject({ projector: before });
      expect(await store().journal.read(0, 10, ['source.erased'])).toMatchObject([
        { callId: '', source: 'earshot', text: '{"source":"demo"}' },
      ]);
      await store().take(recordOf('3^3'));
      expect(await store().journal.read(before, 10)).toMatchObject([{ seq: before + 1, callId: '3^3' }]);
      expect(idsOf((await store().everything()).calls).sort()).toEqual(['1^1', '3^3']);
    });

    it('waits for a download that runs, and refuses what it brings when it comes late', async () => {
      await store().take(demo(recordOf('2^2')), recordOf('1^1'));
      const lease = (await store().claim({ now })).find(({ callId }) => callId === '2^2');
      if (!lease) throw new Error('it is due');
      expect(await erase('2^2')).toBe('busy');
      expect(await store().sourceErasure.eraseCall('2^2', 'demo', now + 60_000)).toBe('erased');
      expect(await store().settle(lease, archived)).toBe(false);
      expect((await store().everything()).counts).toEqual({
        pending: 1,
        archived: 0,
        lost: 0,
        blocked: 0,
        deleted: 0,
      });
    });

    it('lets the same messages in again afterwards', async () => {
      await store().take(demo(recordOf('2^2')), recordOf('1^1'));
      await erase('2^2');
      expect(await store().append([recordOf('2^2')])).toMatchObject({ appended: 1, duplicates: 0 });
      await store().project();
      expect(await store().recordingOf('2^2')).toMatchObject({ state: 'pending', attempts: 0 });
    });

    it('takes its items out of quarantine', async () => {
      const item = (pushId: number, source: string) =>
        ({
          pushId,
          itemIndex: -1,
          receivedAt: now,
          source,
          reason: 'not-json',
          body: Buffer.from('x'),
        }) as const;
      await store().append([], [item(1, 'demo'), item(2, 'default'), item(3, 'demo'), item(4, 'demo')]);
      let after: number | undefined = 0;
      do after = await store().sourceErasure.eraseQuarantined('demo', after, 2);
      while (after !== undefined);
      expect((await store().quarantine.list({ limit: 10 })).items.map(({ source }) => source)).toEqual([
        'default',
      ]);
      expect(await store().quarantine.count()).toBe(1);
    });

    it('takes its sorted pushes out of the inbox, and what was counted of it', async () => {
      const push = (source: string) => ({
        receivedAt: now,
        source,
        remoteAddress: '::1',
        body: Buffer.from(source),
      });
      await store().inbox.append(['demo', 'default', 'demo', 'demo', 'default'].map(push));
      const ids = (await store().inboxReader.read(0, 10, 10_000)).map(({ id }) => id);
      const sortedUpTo = ids[3] ?? 0;
      let after: number | undefined = 0;
      do after = await store().inbox.discardOf({ source: 'demo', after, sortedUpTo, limit: 2 });
      while (after !== undefined);
      const left = await store().inboxReader.read(0, 10, 10_000);
      expect(left.map(({ id }) => id)).toEqual([ids[1], ids[4]]);

      await store().sources.count([
        { name: 'demo', pushes: 3, lastPushAt: now },
        { name: 'default', pushes: 1, lastPushAt: now },
      ]);
      await store().sourceErasure.eraseCounts('demo');
      expect((await store().sources.counts()).map(({ name }) => name)).toEqual(['default']);
    });
  });
}
