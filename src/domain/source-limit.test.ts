import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestDelayMs } from './retry-schedule.js';
import { waitsUntil } from './source-limit.js';

const hour = 3_600_000;
const now = 1_000 * hour;
const waits = (recordingBytes: number, hoursLeft: number, recordingBytesPerDay: number | undefined = 100) => {
  const until = waitsUntil({
    deadlineAt: now + hoursLeft * hour,
    ...{ now, recordingBytes, recordingBytesPerDay },
  });
  return until === undefined ? undefined : (until - now) / hour;
};

describe('a download waits for its source', () => {
  it('only where the source has a limit and has reached it', () => {
    expect([waits(99, 100), waits(0, -5), waits(1e15, 100, Infinity)]).toEqual(Array(3).fill(undefined));
    expect(waits(100, 100)).toBe(1);
  });

  it('until the last hours of its link, in which it is fetched', () => {
    expect([6.5, 6.01, 6, 1, -3].map((left) => waits(199, left))).toEqual([
      0.5,
      expect.closeTo(0.01) as number,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('whatever its link says, once the source has brought twice as much', () => {
    expect([100, 6, 1, -3].map((left) => waits(200, left))).toEqual([1, 1, 1, 1]);
  });

  it('never for longer than anything waits, nor for no time', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (bytes, left) => {
        const waited = waits(bytes, left);
        expect(waited === undefined || (waited > 0 && waited * hour < longestDelayMs)).toBe(true);
      }),
    );
  });
});
