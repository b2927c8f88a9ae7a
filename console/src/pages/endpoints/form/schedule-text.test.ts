import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSchedule, writeSchedule } from './schedule-text.ts';

describe('a retry schedule as text', () => {
  it('is written with the largest unit that fits evenly', () => {
    expect(writeSchedule([60, 300, 600])).toBe('1m, 5m, 10m');
    expect(writeSchedule([90, 3600, 172_800, 0, 0.5])).toBe('90s, 1h, 2d, 0s, 0.5s');
  });

  it('is read with or without units, whatever separates the waits', () => {
    expect(readSchedule('60, 5m 10 M')).toEqual([60, 300, 600]);
    expect(readSchedule('1m，5m、1h；1.5s')).toEqual([60, 300, 3600, 1.5]);
    expect(readSchedule('  ')).toEqual([]);
  });

  it('is not read where something in it is no wait', () => {
    for (const text of ['soon', '1m, x', '5 minutes', '-1', '1m; 5w'])
      expect(readSchedule(text), text).toBeUndefined();
  });

  it('comes back as it was written', () => {
    const seconds = fc.oneof(fc.nat({ max: 604_800 }), fc.constantFrom(60, 3600, 86_400, 0.25, 1.5));
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 100 }), (schedule) => {
        expect(readSchedule(writeSchedule(schedule))).toEqual(schedule);
      }),
    );
  });
});
