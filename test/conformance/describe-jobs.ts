import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/store/jobs.js';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

const minute = 60_000;
const until = testStart + minute;

export function describeJobs(open: OpenStore): void {
  const store = useStore(open);
  const create = (id: string, more: Partial<Pick<Job, 'ownerId' | 'createdAt'>> = {}): Promise<Job> =>
    store().jobs.create({
      ...{ id, format: 'csv', request: '{"state":"lost"}', ownerId: 'id-a', ownerName: 'Ann' },
      createdAt: testStart,
      ...more,
    });
  const claim = async (now = testStart, leasedUntil = until) => {
    const claimed = await store().jobWork.claim(now, leasedUntil);
    if (!claimed) throw new Error('no job is free');
    return claimed;
  };
  const progress = { done: 7, total: 10, bytes: 1_000 };
  const done = {
    state: 'done',
    fileName: 'j1.csv',
    sha256: 'ab'.repeat(32),
    expiresAt: testStart + 10 * minute,
    progress,
  } as const;

  describe('a job', () => {
    it('is free where a clock that was wrong has put the end of its lease far into the future', async () => {
      await create('j1');
      const later = testStart + 8 * 24 * 60 * minute;
      await claim(later, later + minute);
      expect((await claim()).job.id).toBe('j1');
    });

    it('waits as it was asked for', async () => {
      const job = await create('j1');
      expect(job).toEqual({
        ...{ id: 'j1', format: 'csv', request: '{"state":"lost"}', ownerId: 'id-a', ownerName: 'Ann' },
        ...{ state: 'waiting', done: 0, bytes: 0, createdAt: testStart },
      });
      expect(await store().jobs.get('j1')).toEqual(job);
      expect(await store().jobs.get('j2')).toBeUndefined();
    });

    it('runs under a lease, tells how far it is, and is done', async () => {
      await create('j1');
      const { job, lease } = await claim();
      expect(job).toMatchObject({ id: 'j1', state: 'running' });
      expect(await store().jobWork.progress(lease, progress, until + minute)).toBe(true);
      expect(await store().jobs.get('j1')).toMatchObject({ state: 'running', ...progress });
      expect(await store().jobWork.claim(until, until + minute)).toBeUndefined();
      expect(await store().jobWork.end(lease, done, testStart + 5)).toBe(true);
      expect(await store().jobs.get('j1')).toMatchObject({
        ...{ state: 'done', fileName: 'j1.csv', sha256: done.sha256, expiresAt: done.expiresAt },
        ...{ ...progress, endedAt: testStart + 5 },
      });
      expect(await store().jobWork.end(lease, done, testStart + 5)).toBe(false);
    });

    it('fails with a reason', async () => {
      await create('j1');
      const { lease } = await claim();
      const failed = { state: 'failed', reason: 'The disk is full.' } as const;
      expect(await store().jobWork.end(lease, failed, testStart + 5)).toBe(true);
      expect(await store().jobs.get('j1')).toMatchObject({ ...failed, endedAt: testStart + 5 });
      expect(await store().jobWork.claim(until, until)).toBeUndefined();
    });

    it('is taken by one worker, the oldest first, and begins anew when its worker died', async () => {
      await create('j2', { createdAt: testStart + 1 });
      await create('j1');
      const claims = await Promise.all([1, 2, 3].map(() => store().jobWork.claim(testStart, until)));
      expect(claims.map((claimed) => claimed?.job.id).sort()).toEqual(['j1', 'j2', undefined]);
      const late = claims.find((claimed) => claimed?.job.id === 'j1')?.lease ?? { id: '', generation: 0 };
      await store().jobWork.progress(late, progress, until);
      const again = await claim(until, until + minute);
      expect(again.job).toMatchObject({ id: 'j1', done: 0, bytes: 0 });
      expect(again.job).not.toHaveProperty('total');
      expect(await store().jobWork.progress(late, progress, until + minute)).toBe(false);
      expect(await store().jobWork.end(late, done, until)).toBe(false);
      expect(await store().jobWork.end(again.lease, done, until)).toBe(true);
    });

    it('is free at once where its worker gives it back', async () => {
      await create('j1');
      const { lease } = await claim();
      await store().jobWork.release(lease);
      expect(await store().jobs.get('j1')).toMatchObject({ state: 'waiting' });
      const again = await claim();
      await store().jobWork.release(lease);
      expect(await store().jobWork.progress(again.lease, progress, until)).toBe(true);
    });

    it('is cancelled while it waits or runs, and stays what it was once it has ended', async () => {
      await create('j1');
      const { lease } = await claim();
      await create('j2');
      expect(await store().jobs.cancel('j1', testStart + 5)).toMatchObject({
        state: 'cancelled',
        endedAt: testStart + 5,
      });
      expect(await store().jobWork.progress(lease, progress, until)).toBe(false);
      expect(await store().jobWork.end(lease, done, testStart)).toBe(false);
      await store().jobWork.release(lease);
      expect(await store().jobs.cancel('j1', testStart + 9)).toMatchObject({ endedAt: testStart + 5 });
      expect(await store().jobs.cancel('j2', testStart)).toMatchObject({ state: 'cancelled' });
      expect(await store().jobWork.claim(until, until)).toBeUndefined();
      expect(await store().jobs.cancel('nothing', testStart)).toBeUndefined();
    });

    it('expires, and tells which file is to go', async () => {
      for (const id of ['j1', 'j2', 'j3']) {
        await create(id);
        const { lease } = await claim();
        await store().jobWork.end(lease, { ...done, fileName: id }, testStart);
      }
      expect(await store().jobWork.expire(done.expiresAt - 1, 10)).toEqual([]);
      const first = await store().jobWork.expire(done.expiresAt, 2);
      expect(first.map(({ state, fileName }) => [state, fileName])).toEqual(
        expect.arrayContaining([
          ['expired', 'j1'],
          ['expired', 'j2'],
        ]),
      );
      expect(await store().jobWork.expire(done.expiresAt, 2)).toMatchObject([{ id: 'j3' }]);
      expect(await store().jobs.get('j3')).toMatchObject({ state: 'expired' });
    });
  });

  describe('a list of jobs', () => {
    it('shows the newest first, of all or of one owner, over pages of any size', async () => {
      const instants = [3, 1, 2, 2, 5];
      for (const [index, at] of instants.entries())
        await create(`j${index}`, { createdAt: testStart + at, ownerId: index % 2 === 0 ? 'id-a' : 'id-b' });
      const listAll = async (limit: number, ownerId?: string): Promise<string[]> => {
        const seen: string[] = [];
        let before: string | undefined;
        do {
          const owned = ownerId === undefined ? {} : { ownerId };
          const page = await store().jobs.list({
            limit,
            ...owned,
            ...(before === undefined ? {} : { before }),
          });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(({ id }) => id));
          before = page.next;
        } while (before !== undefined);
        return seen;
      };
      for (const limit of [1, 2, 5, 9]) {
        expect(await listAll(limit)).toEqual(['j4', 'j0', 'j3', 'j2', 'j1']);
        expect(await listAll(limit, 'id-a')).toEqual(['j4', 'j0', 'j2']);
        expect(await listAll(limit, 'id-c')).toEqual([]);
      }
    });
  });
}
