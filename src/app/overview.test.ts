import { expect, it } from 'vitest';
import { toStorage } from './overview.js';

const hour = 60 * 60 * 1000;
const now = Date.UTC(2025, 4, 22, 5);
const archived = (hoursAgo: number, value: number) =>
  ({ hour: now - hoursAgo * hour, name: 'archivedBytes', value }) as const;

it('tells the days left at the pace since the first hour that is known', () => {
  expect(toStorage([archived(12, 500), archived(1, 500)], 10_000, now)).toEqual({
    freeBytes: 10_000,
    bytesPerDay: 2_000,
    daysLeft: 5,
  });
});

it('tells none before an hour is over, nor where nothing is archived, nor of a storage without bounds', () => {
  expect(toStorage([], 10_000, now)).toEqual({ freeBytes: 10_000 });
  expect(toStorage([archived(0.5, 500)], 10_000, now)).toEqual({ freeBytes: 10_000 });
  expect(toStorage([archived(5, 0)], 10_000, now)).toEqual({ freeBytes: 10_000, bytesPerDay: 0 });
  expect(toStorage([archived(24, 7_000)], undefined, now)).toEqual({ bytesPerDay: 7_000 });
});
