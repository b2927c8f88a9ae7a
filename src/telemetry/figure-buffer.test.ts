import { expect, it } from 'vitest';
import type { HourFigure } from '../store/hours.js';
import type { SourceCounts } from '../store/sources.js';
import { createFigureBuffer } from './figure-buffer.js';

const hour = 60 * 60 * 1000;
const start = Date.UTC(2025, 4, 22, 5);

function open() {
  const clock = { now: start };
  const kept = { hours: [] as HourFigure[], counts: [] as SourceCounts[] };
  const store = { isAway: false };
  const keep =
    <T>(list: T[]) =>
    (values: readonly T[]): Promise<void> => {
      if (store.isAway) return Promise.reject(new Error('away'));
      list.push(...values);
      return Promise.resolve();
    };
  const keeper = createFigureBuffer({ add: keep(kept.hours) }, { count: keep(kept.counts) }, () => clock.now);
  return { clock, kept, store, keeper };
}

it('gathers by the hour and by source, and keeps each once', async () => {
  const { clock, kept, keeper } = open();
  keeper.pushed('default');
  keeper.pushed('east');
  keeper.sorted(20);
  keeper.sorted(0);
  clock.now += hour;
  keeper.pushed('east');
  keeper.archived(4_000);
  keeper.archived(6_000);
  expect(keeper.unkept()).toHaveLength(2);
  await keeper.flush();
  await keeper.flush();
  expect(kept.hours).toEqual([
    { hour: start, name: 'pushes', value: 2 },
    { hour: start, name: 'messages', value: 20 },
    { hour: start + hour, name: 'pushes', value: 1 },
    { hour: start + hour, name: 'archivedRecordings', value: 2 },
    { hour: start + hour, name: 'archivedBytes', value: 10_000 },
  ]);
  expect(kept.counts).toEqual([
    { name: 'default', pushes: 1, lastPushAt: start },
    { name: 'east', pushes: 2, lastPushAt: start + hour },
  ]);
  expect(keeper.unkept()).toEqual([]);
});

it('loses nothing that the store refuses', async () => {
  const { kept, store, keeper } = open();
  store.isAway = true;
  keeper.pushed('default');
  await expect(keeper.flush()).rejects.toThrow('away');
  keeper.pushed('default');
  store.isAway = false;
  await keeper.flush();
  expect(kept.hours).toEqual([{ hour: start, name: 'pushes', value: 2 }]);
  expect(kept.counts).toEqual([{ name: 'default', pushes: 2, lastPushAt: start }]);
});
