import { describe, expect, it } from 'vitest';
import { demoBatchId } from '../../src/domain/made-up-calls.js';
import type { RecordingFlag } from '../../src/domain/flags.js';
import type { RecordingState } from '../../src/domain/recording.js';
import { sampleCallId } from '../../src/protocol/sample.js';
import type { CallQuery } from '../../src/store/calls.js';
import type { RecordingPosition } from '../../src/store/recordings.js';
import { makeLink, recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { archived, blocked, lost, retryAt, useStore, type OpenStore } from './store-under-test.js';

const hour = 3_600_000;
const day = 24 * hour;

export function describeRecordings(open: OpenStore): void {
  const store = useStore(open);

  /** A record of a file of its own; equal `days` are equal deadlines. */
  const record = (callId: string, days: number, path = `${callId}.wav`) =>
    recordOf(callId, { recordFile: makeLink(path, testStart + days * day) });

  async function listAll(
    limit: number,
    query: { state?: RecordingState; callId?: string; flag?: RecordingFlag } = {},
  ): Promise<string[]> {
    const paths: string[] = [];
    let after: RecordingPosition | undefined;
    do {
      const page = await store().recordings.list({ ...query, limit, ...(after ? { after } : {}) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      paths.push(...page.items.map(({ path }) => path.slice(1, -4)));
      after = page.next;
    } while (after);
    return paths;
  }

  describe('the list of recordings', () => {
    it('goes by ascending deadline, equal ones by age, in pages of any size', async () => {
      const days = [5, 1, 3, 3, 3, 2, 1, 4, 3];
      await store().take(...days.map((day, index) => record(`${index}`, day)));
      const sorted = days
        .map((day, index) => ({ day, index }))
        .sort((a, b) => a.day - b.day || a.index - b.index)
        .map(({ index }) => `${index}`);
      for (const limit of [1, 2, 4, 9, 100]) expect(await listAll(limit)).toEqual(sorted);
    });

    it('goes over all states, or one', async () => {
      await store().take(...['a', 'b', 'c', 'd', 'e'].map((id, index) => record(id, index + 1)));
      for (const download of await store().claim()) {
        if (download.callId === 'b') await store().settle(download, lost);
        if (download.callId === 'c') await store().settle(download, archived);
        if (download.callId === 'd') await store().settle(download, blocked);
      }
      for (const limit of [1, 3, 100]) {
        expect(await listAll(limit)).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(await listAll(limit, { state: 'pending' })).toEqual(['a', 'e']);
        expect(await listAll(limit, { state: 'archived' })).toEqual(['c']);
        expect(await listAll(limit, { state: 'lost' })).toEqual(['b']);
        expect(await listAll(limit, { state: 'blocked' })).toEqual(['d']);
      }
      expect(await store().recordings.counts()).toEqual({
        pending: 2,
        archived: 1,
        lost: 1,
        blocked: 1,
        deleted: 0,
      });
    });

    it('goes over those that have a flag, in any state or one', async () => {
      await store().take(...['a', 'b', 'c', 'd', 'e'].map((id, index) => record(id, index)));
      for (const download of await store().claim()) {
        if (download.callId === 'a') await store().settle(download, archived);
        if (download.callId === 'b')
          await store().settle(download, { ...archived, flags: ['short', 'empty'] });
        if (download.callId === 'c') await store().settle(download, { ...archived, flags: ['unrecognised'] });
        if (download.callId === 'd') await store().settle(download, { ...archived, flags: ['empty'] });
      }
      for (const limit of [1, 2, 100]) {
        expect(await listAll(limit, { flag: 'empty' })).toEqual(['b', 'd']);
        expect(await listAll(limit, { flag: 'short', state: 'archived' })).toEqual(['b']);
        expect(await listAll(limit, { flag: 'unrecognised' })).toEqual(['c']);
        expect(await listAll(limit, { flag: 'unrecognised', state: 'lost' })).toEqual([]);
        expect(await listAll(limit, { flag: 'empty', callId: 'd' })).toEqual(['d']);
        expect(await listAll(limit, { flag: 'short', callId: 'd', state: 'archived' })).toEqual([]);
      }
      await store().project();
      const callsWith = async (query: Partial<CallQuery>) =>
        (await store().calls.search({ limit: 10, ...query })).items.map(({ callId }) => callId).sort();
      expect(await callsWith({ flag: 'empty' })).toEqual(['b', 'd']);
      expect(await callsWith({ flag: 'unrecognised', state: 'archived' })).toEqual(['c']);
      expect(await callsWith({ flag: 'empty', callId: 'd' })).toEqual(['d']);
      expect(await callsWith({ flag: 'empty', q: 'a' })).toEqual([]);
      expect(await store().calls.count({ flag: 'empty', limit: 10 })).toEqual({ calls: 2 });
    });

    it('goes over the recordings of one call', async () => {
      await store().take(
        record('1', 3, 'x.wav'),
        record('1', 1, 'y.wav'),
        record('1', 1, 'z.wav'),
        record('2', 2),
      );
      for (const limit of [1, 2, 100]) {
        expect(await listAll(limit, { callId: '1' })).toEqual(['y', 'z', 'x']);
        expect(await listAll(limit, { callId: '1', state: 'pending' })).toEqual(['y', 'z', 'x']);
        expect(await listAll(limit, { callId: '1', state: 'lost' })).toEqual([]);
        expect(await listAll(limit, { callId: 'none' })).toEqual([]);
      }
    });

    it('keeps its pages while recordings are added', async () => {
      await store().take(record('1', 1), record('3', 3), record('4', 4));
      const first = await store().recordings.list({ limit: 2 });
      if (!first.next) throw new Error('there is more');
      await store().take(record('0', 0.5), record('3.5', 3.5), record('5', 5));
      const rest = await store().recordings.list({ limit: 10, after: first.next });
      expect(rest.items.map(({ callId }) => callId)).toEqual(['3.5', '4', '5']);
    });
  });

  describe('a recording by its id', () => {
    it('is the one of the list', async () => {
      await store().take(record('1', 1));
      const listed = await store().recordingOf('1');
      expect(await store().recordings.get(listed.id)).toEqual(listed);
    });

    it.each(['', 'r', 'r0', 'r2', '1', 'R1', 'r01', 'r1 ', 'r-1', `r${'9'.repeat(40)}`])(
      'is none for %j',
      async (id) => {
        await store().take(record('1', 1));
        expect(await store().recordings.get(id)).toBeUndefined();
        expect(await store().recordings.attempts(id)).toEqual([]);
        expect(await store().recordingsWriter.retryNow(id, testStart)).toBe('unknown');
      },
    );
  });

  describe('the next deadline', () => {
    it('is the earliest of what is pending', async () => {
      expect(await store().recordings.nextDeadlineAt()).toBeUndefined();
      await store().take(record('1', 1), record('2', 2));
      expect(await store().recordings.nextDeadlineAt()).toBe(testStart + day);
      await store().conclude('1', archived);
      expect(await store().recordings.nextDeadlineAt()).toBe(testStart + 2 * day);
    });
  });

  describe("an operator's retry", () => {
    it('makes a waiting recording due now', async () => {
      await store().take(record('1', 1));
      await store().conclude('1', retryAt(testStart + day / 4));
      expect(await store().claim()).toEqual([]);
      expect(await store().recordingsWriter.retryNow('r1', testStart + 5)).toBe('accepted');
      expect(await store().recordingOf('1')).toMatchObject({
        state: 'pending',
        nextAttemptAt: testStart + 5,
      });
      expect(await store().claim()).toMatchObject([{ id: 'r1', forced: true }]);
    });

    it.each([
      ['lost', lost],
      ['blocked', blocked],
    ] as const)('opens a recording that is %s for one forced attempt', async (state, verdict) => {
      await store().take(record('1', -1));
      await store().conclude('1', verdict);
      expect(await store().recordingsWriter.retryNow('r1', testStart)).toBe('accepted');
      expect(await store().recordings.counts()).toMatchObject({ pending: 1, [state]: 0 });
      const [forced] = await store().claim();
      expect(forced).toMatchObject({ forced: true });
      await store().settle(forced ?? { id: '', generation: 0 }, retryAt(testStart));
      expect(await store().claim({ now: testStart })).toMatchObject([{ forced: false }]);
    });

    it('is refused while an attempt runs, and no longer once its lease has run out', async () => {
      await store().take(record('1', 1));
      const [download] = await store().claim();
      const until = download?.until ?? 0;
      expect(await store().recordingsWriter.retryNow('r1', until - 1)).toBe('running');
      expect(await store().recordingsWriter.retryNow('r1', until)).toBe('accepted');
      expect(await store().claim()).toMatchObject([{ generation: 2, forced: true }]);
    });

    it('stays asked for where the attempt was stopped before its end', async () => {
      await store().take(record('1', 1));
      await store().recordingsWriter.retryNow('r1', testStart);
      await store().conclude('1', { kind: 'released' });
      expect(await store().claim()).toMatchObject([{ forced: true }]);
    });

    it('is refused for what is archived', async () => {
      await store().take(record('1', 1));
      await store().conclude('1', archived);
      expect(await store().recordingsWriter.retryNow('r1', testStart)).toBe('archived');
      expect(await store().claim()).toEqual([]);
    });

    const { sha256 } = archived.asset;

    it('fetches again what was archived and is damaged, and tells of it as of the first time', async () => {
      await store().take(record('1', 1));
      await store().conclude('1', archived);
      const writer = store().recordingsWriter;
      expect(await writer.retryNow('r1', testStart, 'f'.repeat(64))).toBe('archived');
      expect(await writer.retryNow('r1', testStart, sha256)).toBe('accepted');
      await store().project();
      expect(await store().recordings.counts()).toMatchObject({ pending: 1, archived: 0 });
      const [forced] = await store().claim();
      expect(forced).toMatchObject({ id: 'r1', forced: true, generation: 2 });
      const asset = { ...archived.asset, sha256: 'e'.repeat(64), archivedAt: testStart + 5 };
      await store().settle(forced ?? { id: '', generation: 0 }, { ...archived, asset });
      await store().project();
      expect(await store().recordingOf('1')).toMatchObject({ state: 'archived', asset });
      expect(await writer.retryNow('r1', testStart, sha256)).toBe('archived');
      expect(await store().journal.read(0, 9, ['recording.archived'])).toHaveLength(2);
    });

    it('leaves what was archived as it was where its link is over', async () => {
      await store().take(record('1', 1), record('2', 2));
      for (const download of await store().claim()) await store().settle(download, archived);
      const writer = store().recordingsWriter;
      expect(await writer.retryNow('r1', testStart + day, sha256)).toBe('not-downloadable');
      expect(await writer.retryNow('r2', testStart + day, sha256)).toBe('accepted');
      const before = await store().recordingOf('1');
      await store().conclude('2', lost);
      await store().project();
      expect(await store().recordingOf('1')).toEqual(before);
      expect(await store().recordingOf('2')).toMatchObject({ state: 'archived', asset: archived.asset });
      expect(await store().recordings.counts()).toMatchObject({ pending: 0, archived: 2, lost: 0 });
    });
  });

  describe('the hours left', () => {
    it('are told of pending recordings alone, by whole hours until their deadline', async () => {
      const left = [-hour, 0, 0.25, 0.75, 1, 2.5, 20, 200 * 24];
      await store().take(
        ...left.map((hours, index) =>
          recordOf(`${index}`, { recordFile: makeLink(`${index}.wav`, testStart + hours * hour) }),
        ),
        record('archived', 1),
      );
      await store().conclude('archived', archived);
      const { items } = await store().recordings.list({ state: 'pending', limit: 100 });
      const counted = (now: number) => {
        const hours = items.map(({ deadlineAt }) => (deadlineAt - now) / hour).filter((each) => each > 0);
        const expected = Array<number>(Math.min(168, Math.floor(Math.max(...hours))) + 1).fill(0);
        for (const each of hours) expected[Math.min(168, Math.floor(each))]! += 1;
        return { overdue: items.length - hours.length, hours: expected };
      };
      for (const now of [testStart - day, testStart, testStart + hour / 2, testStart + 2 * hour]) {
        expect(await store().recordings.openByHoursLeft(now)).toEqual(counted(now));
      }
      expect(await store().recordings.openByHoursLeft(testStart + 1_000 * day)).toEqual({
        overdue: items.length,
        hours: [],
      });
    });

    it('are none where nothing is pending', async () => {
      expect(await store().recordings.openByHoursLeft(testStart)).toEqual({ overdue: 0, hours: [] });
    });
  });

  describe('samples and demo data', () => {
    const madeUp = [
      { callId: sampleCallId, more: {} },
      { callId: 'demo', more: { batchId: demoBatchId } },
    ];
    const takeBoth = async () => {
      for (const { callId, more } of madeUp) await store().take(recordOf(callId, more));
      // Neither is one: a half of the sample's id, and a batch that begins alike.
      await store().take(
        recordOf(`x^${sampleCallId.split('^')[1]}`),
        recordOf('y', { batchId: `${demoBatchId}2` }),
      );
    };

    it('are told apart, by state', async () => {
      await takeBoth();
      await store().conclude('demo', lost);
      expect(await store().recordings.counts()).toEqual({
        ...{ pending: 3, archived: 0, lost: 1, blocked: 0, deleted: 0 },
      });
      const counted = { pending: 1, archived: 0, lost: 1, blocked: 0, deleted: 0 };
      expect(await store().recordings.countMadeUp()).toEqual(counted);
      const by = { reason: 'made up', actorId: 'a', actorName: 'A', at: testStart };
      await store().acknowledgements.acknowledgeRecording((await store().recordingOf('demo')).id, by);
      // It is counted as acknowledged already.
      expect(await store().recordings.countMadeUp()).toEqual({ ...counted, lost: 0 });
    });

    it('have no deadline that anybody is told of', async () => {
      for (const { callId, more } of madeUp) await store().take(recordOf(callId, more));
      expect(await store().recordings.nextDeadlineAt()).toBeUndefined();
      expect(await store().recordings.openByHoursLeft(testStart)).toEqual({ overdue: 0, hours: [] });
      await takeBoth();
      expect(await store().recordings.nextDeadlineAt()).toBeGreaterThan(testStart);
      const { overdue, hours } = await store().recordings.openByHoursLeft(testStart);
      expect(overdue + hours.reduce((sum, each) => sum + each, 0)).toBe(2);
    });
  });
}
