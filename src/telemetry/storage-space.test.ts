import { expect, it } from 'vitest';
import type { HourFigure } from '../store/hours.js';
import { createIntakeNeed } from './storage-space.js';

const hour = 60 * 60 * 1000;
const now = Date.UTC(2026, 0, 20);

it('takes the busiest day of the last week, and what becomes of a push beside its bytes', async () => {
  const figures: HourFigure[] = [
    { hour: now - 50 * hour, name: 'pushedBytes', value: 400 },
    { hour: now - 51 * hour, name: 'pushedBytes', value: 300 },
    { hour: now - 51 * hour, name: 'archivedBytes', value: 9_000 },
    { hour: now - 5 * hour, name: 'pushedBytes', value: 600 },
  ];
  const need = createIntakeNeed({ since: () => Promise.resolve(figures) }, () => now);
  await need();
  expect(await need()).toBe(4 * 700);
});

it('asks seldom, and tells what it knows while the store is away', async () => {
  const clock = { now };
  let asked = 0;
  let isAway = false;
  const since = (): Promise<HourFigure[]> => {
    asked++;
    if (isAway) return Promise.reject(new Error('away'));
    return Promise.resolve([{ hour: now - hour, name: 'pushedBytes', value: 10 }]);
  };
  const need = createIntakeNeed({ since }, () => clock.now);
  await need();
  await need();
  expect(asked).toBe(1);
  isAway = true;
  clock.now += hour;
  await need();
  expect(await need()).toBe(40);
  expect(asked).toBe(2);
});
