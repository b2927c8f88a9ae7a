import { expect, it } from 'vitest';
import type { SourceLimit } from '../domain/source-limit.js';
import type { SourceDay } from '../store/sources.js';
import { type OverLimit, UsageTracker } from './source-limits.js';

const hour = 3_600_000;
/** Ten in the evening in Shanghai. */
const start = Date.parse('2025-05-22T22:00:00+08:00');
const midnight = Date.parse('2025-05-22T00:00:00+08:00');

function open(limits: Readonly<Record<string, SourceLimit>>) {
  const clock = { now: start };
  const told: OverLimit[] = [];
  const store = { isAway: false, days: new Map<string, SourceDay>() };
  const days = new UsageTracker({
    sourceLimits: {
      count: (counted) => {
        if (store.isAway) return Promise.reject(new Error('away'));
        for (const day of counted) {
          const known = store.days.get(day.name);
          store.days.set(day.name, {
            ...day,
            pushBytes: day.pushBytes + (known?.day === day.day ? known.pushBytes : 0),
            refusedPushes: day.refusedPushes + (known?.day === day.day ? known.refusedPushes : 0),
            recordingBytes: day.recordingBytes + (known?.day === day.day ? known.recordingBytes : 0),
          });
        }
        return Promise.resolve();
      },
      days: () => Promise.resolve([...store.days.values()]),
    },
    limitOf: (source) => (Object.hasOwn(limits, source) ? (limits[source] ?? {}) : {}),
    onOverLimit: (over) => told.push(over),
    timeZone: 'Asia/Shanghai',
    clock: () => clock.now,
  });
  return { clock, told, store, days };
}

it('lets a source send up to its limit, tells once that it would send more, and others what they like', () => {
  const { days, told } = open({ east: { pushBytesPerDay: 100 } });
  expect([60, 41, 40, 1].map((bytes) => days.take('east', bytes))).toEqual([true, false, true, false]);
  expect(days.take('constructor', 1e12)).toBe(true);
  expect(told).toEqual([{ source: 'east', pushBytesPerDay: 100 }]);
  expect(days.of('east')).toMatchObject({ name: 'east', day: midnight, pushBytes: 100, refusedPushes: 2 });
});

it('gives back what was not stored', () => {
  const { days } = open({ east: { pushBytesPerDay: 100 } });
  days.take('east', 100);
  days.giveBack('east', 100);
  expect(days.take('east', 100)).toBe(true);
});

it('begins anew at midnight in the zone of the settings', async () => {
  const { days, clock, told } = open({ east: { pushBytesPerDay: 100 } });
  days.take('east', 100);
  clock.now += 2 * hour - 1;
  expect(days.take('east', 1)).toBe(false);
  await days.flush();
  clock.now += 1;
  expect(days.take('east', 100)).toBe(true);
  expect(days.take('east', 1)).toBe(false);
  expect(told).toHaveLength(2);
});

it('counts what other processes and this one have taken, each once, also while the store is away', async () => {
  const { days, store } = open({ east: { pushBytesPerDay: 100 } });
  days.take('east', 30);
  store.isAway = true;
  await expect(days.flush()).rejects.toThrow('away');
  expect(days.of('east').pushBytes).toBe(30);
  days.take('east', 10);
  store.isAway = false;
  store.days.set('east', { name: 'east', day: midnight, pushBytes: 50, refusedPushes: 3, recordingBytes: 0 });
  await days.flush();
  await days.flush();
  expect(store.days.get('east')?.pushBytes).toBe(90);
  expect(days.of('east')).toMatchObject({ pushBytes: 90, refusedPushes: 3 });
  expect([11, 10].map((bytes) => days.take('east', bytes))).toEqual([false, true]);
});

it('does not tell again of a day that another process, or an earlier run, has told of', async () => {
  const { days, store, told } = open({ east: { pushBytesPerDay: 1 } });
  store.days.set('east', { name: 'east', day: midnight, pushBytes: 1, refusedPushes: 1, recordingBytes: 9 });
  await days.flush();
  expect(days.take('east', 1)).toBe(false);
  expect(told).toEqual([]);
});

it('tells once a day that recordings have brought what they may, whichever process fetched them', async () => {
  const { days, store, told, clock } = open({ east: { recordingBytesPerDay: 100 } });
  const set = async (recordingBytes: number) => {
    const { day } = days.of('east');
    store.days.set('east', { name: 'east', day, pushBytes: 0, refusedPushes: 0, recordingBytes });
    await days.flush();
  };
  await set(99);
  days.brought('east', 1);
  days.brought('west', 1e12);
  expect(days.of('east')).toMatchObject({ recordingBytes: 100, pushBytes: 0 });
  expect(told).toEqual([]);
  await days.flush();
  const over = { source: 'east', recordingBytesPerDay: 100 };
  expect(told).toEqual([over]);
  await set(150);
  expect(told).toEqual([over]);
  clock.now += 24 * hour;
  await set(99);
  await set(100);
  expect(told).toEqual([over, over]);
});
