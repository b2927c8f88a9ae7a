import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openTemporaryPostgresStore,
  type TemporaryPostgresStore,
} from '../../../test/support/temporary-postgres-store.js';
import type { ProcessReport } from '../shared-roles.js';

let temporary: TemporaryPostgresStore;
beforeEach(async () => {
  temporary = await openTemporaryPostgresStore();
});
afterEach(() => temporary.close());

describe('a duty', () => {
  const hold = (holder: string, now: number, until: number) =>
    temporary.store.shared.duties.hold('sort', holder, now, until);

  it('is one holder’s until it runs out, and may be held on to', async () => {
    expect(await hold('a', 0, 100)).toBe(true);
    expect(await hold('b', 99, 199)).toBe(false);
    expect(await hold('a', 99, 150)).toBe(true);
    expect(await hold('b', 149, 249)).toBe(false);
    expect(await hold('b', 150, 250)).toBe(true);
    expect(await hold('a', 150, 250)).toBe(false);
    expect(await temporary.store.shared.duties.list()).toEqual([{ name: 'sort', holder: 'b', until: 250 }]);
  });

  it('is free at once when its holder lets go, and nobody else’s is', async () => {
    const { duties } = temporary.store.shared;
    await hold('a', 0, 100);
    await duties.hold('project', 'b', 0, 100);
    await duties.hold('analyse', 'a', 0, 100);
    await duties.release('a', ['sort', 'project']);
    expect(await hold('c', 1, 100)).toBe(true);
    // Another thread of the same process may still be at work.
    expect(await duties.hold('analyse', 'c', 1, 100)).toBe(false);
    expect(await duties.hold('project', 'c', 1, 100)).toBe(false);
  });

  it('goes to one of many that ask at the same moment', async () => {
    const stores = Array.from({ length: 6 }, () => temporary.open());
    const answers = await Promise.all(
      stores.map(({ shared }, index) => shared.duties.hold('clean', `holder ${index}`, 0, 100)),
    );
    expect(answers.filter((isHeld) => isHeld)).toHaveLength(1);
  });
});

describe('processes', () => {
  const report = (id: string, more: Partial<ProcessReport> = {}): ProcessReport => ({
    id,
    host: 'here',
    pid: 7,
    roles: ['intake', 'api'],
    version: '1.2.3',
    startedAt: 10,
    seenAt: 20,
    ...more,
  });

  it('are seen by all as they last told, the oldest first, until they leave', async () => {
    const { processes } = temporary.store.shared;
    const first = report('a', {
      inbox: { goesTo: 'local', pending: 3, bytes: 9, oldestAt: 5 },
      endpoints: 2,
    });
    const second = report('b', { startedAt: 11, seenAt: 30 });
    await processes.tell(second);
    await processes.tell(report('a', { seenAt: 15 }));
    await processes.tell(first);
    const others = temporary.open().shared.processes;
    expect(await others.list(0)).toEqual([first, second]);
    expect(await others.list(21)).toEqual([second]);
    await processes.leave('a');
    expect(await others.list(0)).toEqual([second]);
  });

  it('that went without a word are forgotten after a day', async () => {
    const { processes } = temporary.store.shared;
    const dayMs = 24 * 60 * 60 * 1000;
    await processes.tell(report('dead'));
    await processes.tell(report('b', { seenAt: 20 + dayMs }));
    expect(await processes.list(0)).toHaveLength(2);
    await processes.tell(report('b', { seenAt: 21 + dayMs }));
    expect(await processes.list(0)).toMatchObject([{ id: 'b' }]);
  });
});

it('a shared secret is that of whoever came first', async () => {
  const stores = Array.from({ length: 4 }, () => temporary.open());
  const told = await Promise.all(
    stores.map(({ shared }, index) => shared.secrets.obtain('push-token', `candidate ${index}`)),
  );
  expect(new Set(told).size).toBe(1);
  expect(told[0]).toMatch(/^candidate \d$/);
  expect(await temporary.store.shared.secrets.obtain('api-key', 'another')).toBe('another');
});

it('the shared clock is that of the database, however wrong ours is', async () => {
  const clock = temporary.store.shared.toSharedClock(() => 12);
  const asked = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at';
  const before = (await temporary.database.run(asked)).rows[0]?.['at'] as number;
  const told = clock();
  const after = (await temporary.database.run(asked)).rows[0]?.['at'] as number;
  // As exact as the round trip in which it was read.
  expect(told).toBeGreaterThan(before - 1_000);
  expect(told).toBeLessThan(after + 1_000);
  expect(temporary.open().shared.toSharedClock(() => 12)()).toBe(12);
});
