import { describe, expect, it } from 'vitest';
import { makeLink, recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import {
  archived,
  asset,
  blocked,
  lost,
  released,
  retryAt,
  useStore,
  type OpenStore,
} from './store-under-test.js';

const day = 86_400_000;

/** A record whose link is at `host` and dies `days` after the start. */
function recordAt(callId: string, days: number, host = 'http://a.example', signature = 'a') {
  return recordOf(callId, { recordFile: makeLink(`${callId}.wav`, testStart + days * day, signature, host) });
}

export function describeDownloads(open: OpenStore): void {
  const store = useStore(open);
  const claimed = async (...args: Parameters<ReturnType<typeof store>['claim']>) =>
    (await store().claim(...args)).map(({ callId }) => callId);
  const claimOne = async (now = testStart) => {
    const [download] = await store().claim({ now });
    if (!download) throw new Error('nothing was due');
    return download;
  };

  describe('a claim', () => {
    it('tells all that a download needs', async () => {
      await store().take(recordAt('1^1', 3));
      expect(await store().claim()).toEqual([
        {
          id: 'r1',
          generation: 1,
          until: testStart + 15_000,
          callId: '1^1',
          link: makeLink('1^1.wav', testStart + 3 * day, 'a', 'http://a.example'),
          host: 'a.example',
          path: '/1^1.wav',
          source: 'default',
          deadlineAt: testStart + 3 * day,
          attempts: 0,
          lateAttempts: 0,
          forced: false,
          callStartAt: Date.UTC(2025, 4, 22, 4, 29, 20),
          firstReceivedAt: testStart,
          durationSeconds: 125,
        },
      ]);
    });

    it('takes the earliest deadlines first, over all hosts', async () => {
      await store().take(
        recordAt('3', 3, 'http://b.example'),
        recordAt('1', 1, 'http://a.example'),
        recordAt('4', 4, 'http://a.example'),
        recordAt('2', 2, 'http://c.example'),
      );
      expect(await claimed({ limit: 3 })).toEqual(['1', '2', '3']);
      expect(await claimed({ limit: 3 })).toEqual(['4']);
      expect(await claimed({ limit: 3 })).toEqual([]);
    });

    it('takes nothing but what is named, where something is named, of those that are due', async () => {
      await store().take(recordAt('1', 1), recordAt('2', 2), recordAt('3', 3));
      await store().claim({ limit: 1 });
      expect(await claimed({ only: ['r3', 'r2', 'r1', 'r999', 'probe-x'], limit: 5 })).toEqual(['2', '3']);
      expect(await claimed({ only: [] })).toEqual([]);
    });

    it('takes no more of a host than it may, counting what runs already', async () => {
      const at = (host: string) =>
        ['1', '2', '3'].map((n, index) => recordAt(`${host}${n}`, index + 1, `http://${host}`));
      await store().take(...at('a.example'), ...at('b.example:81'), ...at('constructor'));
      const running = { 'a.example': 1, 'b.example:81': 2 };
      expect((await claimed({ perHost: 2, running })).toSorted()).toEqual([
        'a.example1',
        'constructor1',
        'constructor2',
      ]);
      expect(
        await claimed({ perHost: 2, running: { 'a.example': 5, 'b.example:81': 2, constructor: 2 } }),
      ).toEqual([]);
    });

    it('takes of a host what that host may have, where it is named', async () => {
      const at = (host: string) =>
        ['1', '2', '3'].map((n, index) => recordAt(`${host}${n}`, index + 1, `http://${host}`));
      await store().take(...at('a.example'), ...at('b.example:81'), ...at('constructor'), ...at('d.example'));
      const shares = new Map([
        ['a.example', 3],
        ['b.example:81', 0],
        ['constructor', 2],
      ]);
      expect((await claimed({ perHost: 1, shares, running: { 'a.example': 1 } })).toSorted()).toEqual([
        ...['a.example1', 'a.example2', 'constructor1', 'constructor2', 'd.example1'],
      ]);
    });

    it('leaves alone what is leased until the lease runs out', async () => {
      await store().take(recordAt('1^1', 1));
      const first = await claimOne();
      expect(await claimed({ now: first.until - 1 })).toEqual([]);
      const second = await claimOne(first.until);
      expect(second).toMatchObject({ id: first.id, generation: 2, attempts: 0 });
    });

    it('leaves alone what waits for its next attempt until that comes', async () => {
      await store().take(recordAt('1^1', 1));
      await store().settle(await claimOne(), retryAt(testStart + 60_000));
      expect(await store().recordingOf('1^1')).toMatchObject({
        state: 'pending',
        nextAttemptAt: testStart + 60_000,
        attempts: 1,
        reason: 'not-found',
      });
      expect(await claimed({ now: testStart + 59_999 })).toEqual([]);
      expect(await store().claim({ now: testStart + 60_000 })).toMatchObject([
        { attempts: 1, generation: 2 },
      ]);
    });

    it('gives what is past its deadline too: whoever claims it decides', async () => {
      await store().take(recordAt('1^1', -1));
      expect(await claimed()).toEqual(['1^1']);
    });
  });

  describe('a clock that was wrong', () => {
    const week = 7 * day;

    it('puts nothing off: what seems to wait for longer than anything does is due', async () => {
      await store().take(recordAt('1', 3), recordAt('2', 3));
      const [first, second] = await store().claim({ now: testStart + week });
      await store().settle(first!, retryAt(testStart + week + 1_800_000));
      await store().settle(second!, retryAt(testStart + 6 * 3_600_000));
      expect(await claimed({ now: testStart })).toEqual(['1']);
    });

    it('holds nothing: a lease that seems to run for longer than any is over', async () => {
      await store().take(recordAt('1', 3));
      const download = await claimOne(testStart + week);
      expect(await claimed({ now: testStart })).toEqual(['1']);
      expect(await store().settle(download, archived)).toBe(false);
    });
  });

  describe('attempts behind the deadline', () => {
    it('are counted for the one who claims it, and the others are not', async () => {
      await store().take(recordAt('1', 1));
      const tries = [testStart, testStart + day, testStart + day + 1, testStart + day + 2];
      for (const at of tries) {
        await store().settle(await claimOne(at), retryAt(at), at);
      }
      expect(await store().claim({ now: testStart + 2 * day })).toMatchObject([
        { attempts: 4, lateAttempts: 3 },
      ]);
    });
  });

  describe('a lease', () => {
    it('is extended only for its holder', async () => {
      await store().take(recordAt('1', 1), recordAt('2', 2), recordAt('3', 3));
      const [one, two, three] = await store().claim();
      if (!one || !two || !three) throw new Error('three were due');
      await store().settle(two, archived);
      const until = testStart + 60_000;
      const stale = { id: three.id, generation: three.generation - 1 };
      expect(await store().downloads.renew([one, two, stale, { id: 'r99', generation: 1 }], until)).toEqual([
        one.id,
      ]);
      expect(await claimed({ now: until - 1 })).toEqual(['3']);
      expect(await claimed({ now: until })).toEqual(['1']);
    });

    it('that was taken over by another settles nothing', async () => {
      await store().take(recordAt('1^1', 1));
      const late = await claimOne();
      const current = await claimOne(late.until);
      const before = [await store().everything(), await store().journal.lastSeq()];
      for (const verdict of [archived, lost, blocked, released, retryAt(5)]) {
        expect(await store().settle(late, verdict)).toBe(false);
      }
      expect([await store().everything(), await store().journal.lastSeq()]).toEqual(before);
      expect(await store().recordings.attempts(current.id)).toEqual([]);
      expect(await store().settle(current, archived)).toBe(true);
    });

    it('settles once', async () => {
      await store().take(recordAt('1^1', 1));
      const download = await claimOne();
      expect(await store().settle(download, archived)).toBe(true);
      expect(await store().settle(download, lost)).toBe(false);
      expect(await store().recordings.attempts(download.id)).toHaveLength(1);
    });

    it('that is released is due again at once, and the try does not count', async () => {
      await store().take(recordAt('1^1', 1));
      const first = await claimOne();
      await store().settle(first, released);
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'pending', attempts: 0 });
      expect(await store().recordingOf('1^1')).not.toHaveProperty('reason');
      expect(await store().settle(first, archived)).toBe(false);
      expect(await claimOne()).toMatchObject({ generation: 2, attempts: 0 });
    });
  });

  describe('a settlement', () => {
    it('keeps the asset and tells the journal of it in the same step', async () => {
      await store().take(recordAt('1^1', 1));
      await store().settle(await claimOne(), { ...archived, flags: ['short'] }, testStart + 9);
      const [event] = await store().journal.read(1, 10, ['recording.archived']);
      expect(event).toMatchObject({ seq: 2, callId: '1^1', receivedAt: testStart + 9, source: 'earshot' });
      const { archivedAt, ...described } = asset;
      expect(JSON.parse(event?.text ?? '')).toEqual({
        recordingId: 'r1',
        callId: '1^1',
        ...described,
        archivedAt: new Date(archivedAt).toISOString(),
        flags: ['short'],
      });
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'archived', asset, flags: ['short'] });
      expect(await store().recordingOf('1^1')).not.toHaveProperty('nextAttemptAt');
    });

    it('tells the journal of a loss, with its reason and never with its link', async () => {
      await store().take(recordAt('1^1', 1));
      await store().settle(await claimOne(), lost);
      const [event] = await store().journal.read(1, 10, ['recording.lost']);
      expect(JSON.parse(event?.text ?? '')).toEqual({
        recordingId: 'r1',
        callId: '1^1',
        reason: 'expired',
        linkSeq: 1,
      });
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'lost', reason: 'expired' });
    });

    it('keeps every attempt with all that is known of it', async () => {
      await store().take(recordAt('1^1', 1));
      const full = {
        at: testStart,
        outcome: 'retry',
        reason: 'truncated',
        status: 206,
        durationMs: 34,
        bytes: 5_000_000_000,
        resumedFrom: 1_000,
        address: '2001:db8::1',
        headMs: 12,
        detail: 'NoSuchKey',
      } as const;
      const least = {
        at: testStart + 1,
        outcome: 'retry',
        reason: 'dns-failure',
        durationMs: 0,
        bytes: 0,
      } as const;
      for (const attempt of [full, least]) {
        const { id, generation } = await claimOne(testStart + 1);
        const verdict = retryAt(testStart);
        expect(await store().downloads.settle({ id, generation, verdict, now: testStart, attempt })).toBe(
          true,
        );
      }
      expect(await store().recordings.attempts('r1')).toEqual([full, least]);
      expect(await store().recordings.attempts('r2')).toEqual([]);
    });

    it('that puts a recording off says why, and counts and keeps no attempt', async () => {
      await store().take(recordAt('1^1', 1, 'http://a.example', 'old'));
      const download = await claimOne();
      const nextAttemptAt = testStart + 3_600_000;
      const putOff = { kind: 'put-off', nextAttemptAt, reason: 'source-over-limit' } as const;
      await store().take(recordAt('1^1', 2, 'http://a.example', 'new'));
      expect(await store().settle(download, putOff)).toBe(true);
      expect(await store().recordingOf('1^1')).toMatchObject({
        ...{ state: 'pending', attempts: 0, reason: 'source-over-limit', nextAttemptAt },
      });
      expect(await store().recordings.attempts(download.id)).toEqual([]);
      expect(await store().journal.lastSeq()).toBe(2);
      expect(await claimed({ now: nextAttemptAt - 1 })).toEqual([]);
      expect(await claimOne(nextAttemptAt)).toMatchObject({ attempts: 0, lateAttempts: 0 });
      await store().settle({ ...download, generation: 2 }, archived);
      expect(await store().recordingOf('1^1')).not.toHaveProperty('reason');
    });

    it.each([
      ['lost', lost],
      ['blocked', blocked],
      ['tried again much later', retryAt(testStart + 30 * day)],
    ])('that says %s speaks of the old link where a fresh one came meanwhile', async (_name, verdict) => {
      await store().take(recordAt('1^1', 1, 'http://a.example', 'old'));
      const download = await claimOne();
      await store().take(recordAt('1^1', 2, 'http://b.example', 'new'));
      expect(await claimed()).toEqual([]);
      expect(await store().settle(download, verdict)).toBe(true);
      expect(await store().journal.lastSeq()).toBe(2);
      expect(await claimOne()).toMatchObject({ host: 'b.example', forced: true, attempts: 1 });
    });

    it('that says archived is final, also where a fresh link came meanwhile', async () => {
      await store().take(recordAt('1^1', 1, 'http://a.example', 'old'));
      const download = await claimOne();
      await store().take(recordAt('1^1', 2, 'http://a.example', 'new'));
      expect(await store().settle(download, archived)).toBe(true);
      expect(await store().recordingOf('1^1')).toMatchObject({ state: 'archived' });
    });

    it('tells of a second loss by a later attempt too', async () => {
      await store().take(recordAt('1^1', 1));
      await store().conclude('1^1', lost);
      await store().recordingsWriter.retryNow('r1', testStart);
      await store().conclude('1^1', lost);
      expect(await store().journal.read(0, 10, ['recording.lost'])).toHaveLength(2);
    });
  });

  describe('unblocking', () => {
    it('makes blocked recordings due, a bounded number at a time, as if never tried', async () => {
      await store().take(...['1', '2', '3'].map((id) => recordAt(id, Number(id))));
      for (const download of await store().claim()) await store().settle(download, blocked);
      expect(await claimed()).toEqual([]);
      expect(await store().downloads.unblock(testStart + 1, 2)).toBe(2);
      expect(await store().claim()).toMatchObject([
        { callId: '1', forced: false },
        { callId: '2', forced: false },
      ]);
      expect(await store().downloads.unblock(testStart + 1, 2)).toBe(1);
      expect(await store().downloads.unblock(testStart + 1, 2)).toBe(0);
      expect(await store().recordings.counts()).toEqual({
        pending: 3,
        archived: 0,
        lost: 0,
        blocked: 0,
        deleted: 0,
      });
    });
  });
}
