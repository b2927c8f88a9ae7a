import { expect, it } from 'vitest';
import { createRecentHour } from './recent-hour.js';

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
