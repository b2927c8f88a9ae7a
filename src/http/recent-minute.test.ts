import { describe, expect, it } from 'vitest';
import { createRecentCount, createRecentTimes } from './recent-minute.js';

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
