import { describe, expect, it } from 'vitest';
import { createRecentCount, createRecentHour, createRecentTimes } from './recent-intake.js';

const start = Date.UTC(2025, 4, 22, 5);

function openHour() {
  const clock = { now: start };
  return { clock, hour: createRecentHour(() => clock.now) };
}

it('tells of a stretch once it is over, with the times of its acknowledgements', () => {
  const { clock, hour } = openHour();
  for (let ms = 1; ms <= 100; ms++) hour.pushed(ms);
  hour.sorted(250);
  expect(hour.read()).toEqual([]);
  clock.now += 10_000;
  const [sample] = hour.read();
  expect(sample).toMatchObject({ at: start + 10_000, pushes: 100, messages: 250 });
  expect(sample?.ackP50Ms).toBeGreaterThanOrEqual(50);
  expect(sample?.ackP50Ms).toBeLessThan(55);
  expect(sample?.ackP99Ms).toBeGreaterThanOrEqual(99);
  expect(sample?.ackP99Ms).toBeLessThan(109);
});

it('leaves no stretch out: one without pushes has no times', () => {
  const { clock, hour } = openHour();
  clock.now += 30_000;
  hour.pushed(2);
  clock.now += 10_000;
  expect(hour.read().map(({ at, pushes }) => [at - start, pushes])).toEqual([
    [10_000, 0],
    [20_000, 0],
    [30_000, 0],
    [40_000, 1],
  ]);
  expect(hour.read()[0]).not.toHaveProperty('ackP50Ms');
});

it('keeps an hour, however long nobody asks', () => {
  const { clock, hour } = openHour();
  hour.pushed(2);
  clock.now += 30 * 86_400_000;
  const samples = hour.read();
  expect(samples).toHaveLength(360);
  expect(samples.at(-1)?.at).toBe(clock.now);
  expect(samples.every(({ pushes }) => pushes === 0)).toBe(true);
});

it('goes on where it was when the clock is set back', () => {
  const { clock, hour } = openHour();
  hour.pushed(2);
  clock.now -= 60_000;
  hour.pushed(2);
  clock.now = start + 10_000;
  expect(hour.read()).toMatchObject([{ pushes: 2 }]);
});

describe('createRecentTimes', () => {
  it('knows nothing before there was anything', () => {
    expect(createRecentTimes(() => 0).read()).toEqual({ count: 0 });
  });

  it('tells percentiles within 9 %, and the maximum exactly', () => {
    const times = createRecentTimes(() => 1_000_000);
    for (let ms = 1; ms <= 1000; ms++) times.add(ms);
    const { count, p50 = 0, p99 = 0, max } = times.read();
    expect([count, max]).toEqual([1000, 1000]);
    expect(Math.abs(p50 - 500) / 500).toBeLessThan(0.09);
    expect(Math.abs(p99 - 990) / 990).toBeLessThan(0.09);
  });

  it('never tells a percentile above the maximum', () => {
    const times = createRecentTimes(() => 0);
    times.add(3);
    expect(times.read()).toEqual({ count: 1, p50: 3, p99: 3, max: 3 });
  });

  it('takes any time, however short or long', () => {
    const times = createRecentTimes(() => 0);
    for (const ms of [0, 1e-9, 1e12]) times.add(ms);
    expect(times.read()).toMatchObject({ count: 3, max: 1e12 });
  });
});

describe('createRecentCount', () => {
  it('forgets what is older than a minute, in steps of five seconds', () => {
    let now = 0;
    const count = createRecentCount(() => now);
    count.add(10);
    now = 30_000;
    count.add(5);
    expect(count.perMinute()).toBe(15);
    now = 59_000;
    expect(count.perMinute()).toBe(15);
    now = 60_000;
    expect(count.perMinute()).toBe(5);
    now = 600_000;
    expect(count.perMinute()).toBe(0);
    count.add(1);
    expect(count.perMinute()).toBe(1);
  });
});
