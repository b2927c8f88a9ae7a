import { expect, it } from 'vitest';
import { toLastPushes, toStorage } from './overview.js';

const hour = 60 * 60 * 1000;
const now = Date.UTC(2025, 4, 22, 5);
const archived = (hoursAgo: number, value: number) =>
  ({ hour: now - hoursAgo * hour, name: 'archivedBytes', value }) as const;

it('tells the days left at the pace since the first hour that is known', () => {
  expect(toStorage([archived(36, 1_500), archived(1, 1_500)], 10_000, now)).toEqual({
    freeBytes: 10_000,
    bytesPerDay: 2_000,
    daysLeft: 5,
  });
});

it('tells none before a day is over, nor where nothing is archived, nor of a storage without bounds', () => {
  expect(toStorage([], 10_000, now)).toEqual({ freeBytes: 10_000 });
  expect(toStorage([archived(23, 500)], 10_000, now)).toEqual({ freeBytes: 10_000 });
  expect(toStorage([archived(25, 0)], 10_000, now)).toEqual({ freeBytes: 10_000, bytesPerDay: 0 });
  expect(toStorage([archived(24, 7_000)], undefined, now)).toEqual({ bytesPerDay: 7_000 });
});

it('tells the last push of each source, and believes none that is still to come', () => {
  const count = (name: string, lastPushAt: number) => ({ name, pushes: 1, lastPushAt });
  const counts = [
    count('a', now - 5),
    count('b', now + 8 * 24 * hour),
    count('a', now - 2),
    count('a', now + hour),
  ];
  expect(toLastPushes([...counts, count('c', now + 1_000)], now)).toEqual([
    { source: 'a', at: now - 2 },
    { source: 'b' },
    { source: 'c', at: now + 1_000 },
  ]);
});
