import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttemptAt, type RetryRequest } from './retry-schedule.js';

const now = 1_750_000_000_000;
const weekMs = 7 * 86_400_000;
const middle = () => 0.5;

const request = fc.record<RetryRequest>({
  attempts: fc.integer({ min: 1, max: 10_000 }),
  now: fc.constant(now),
  deadlineAt: fc.integer({ min: now - weekMs, max: now + weekMs }),
  retryAfterMs: fc.oneof(fc.constant(0), fc.nat(10 * weekMs)),
  pace: fc.constantFrom('quick' as const, 'slow' as const),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Every instant at which a download that never succeeds is tried, when a try takes no time. */
function triesUntilDeadline(deadlineAt: number, random: () => number): number[] {
  const tries = [now];
  for (;;) {
    const at = nextAttemptAt({ attempts: tries.length, now: tries.at(-1)!, deadlineAt }, random);
    if (at === undefined) return tries;
    tries.push(at);
  }
}

describe('the next attempt at a download', () => {
  it('is never at or past the deadline, and at least a second away', () => {
    fc.assert(
      fc.property(request, chance, (asked, random) => {
        const at = nextAttemptAt(asked, () => random);
        if (asked.deadlineAt - now <= 1_000) {
          expect(at).toBeUndefined();
        } else {
          expect(at).toBeGreaterThanOrEqual(now + 1_000);
          expect(at).toBeLessThan(asked.deadlineAt);
        }
      }),
    );
  });

  it('comes after seconds at first and after about half an hour in the end', () => {
    const wait = (attempts: number) =>
      nextAttemptAt({ attempts, now, deadlineAt: now + weekMs }, middle)! - now;
    expect([1, 2, 3, 4].map(wait)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(wait(20)).toBe(30 * 60_000);
    expect(wait(5_000)).toBe(30 * 60_000);
  });

  it('takes its time with what seldom mends itself', () => {
    expect(nextAttemptAt({ attempts: 1, now, deadlineAt: now + weekMs, pace: 'slow' }, middle)).toBe(
      now + 60_000,
    );
  });

  it('keeps what failed together from coming back together', () => {
    const at = (random: number) =>
      nextAttemptAt({ attempts: 5, now, deadlineAt: now + weekMs }, () => random)!;
    expect(at(0.999) - at(0)).toBeGreaterThan(15_000);
  });

  it('always leaves a last try within two seconds of the deadline', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2_000, max: weekMs }), chance, (lifeMs, random) => {
        const last = triesUntilDeadline(now + lifeMs, () => random).at(-1)!;
        expect(now + lifeMs - last).toBeLessThanOrEqual(2_000);
      }),
    );
  });

  it('makes some hundreds of tries in a week, not thousands', () => {
    const tries = triesUntilDeadline(now + weekMs, middle).length;
    expect(tries).toBeGreaterThan(300);
    expect(tries).toBeLessThan(400);
  });

  it('respects Retry-After while there is time, and clips it to leave one last try', () => {
    const deadlineAt = now + 3_600_000;
    expect(nextAttemptAt({ attempts: 1, now, deadlineAt, retryAfterMs: 3_000_000 }, middle)).toBe(
      now + 3_000_000,
    );
    expect(nextAttemptAt({ attempts: 1, now, deadlineAt, retryAfterMs: weekMs }, middle)).toBe(
      deadlineAt - 30_000,
    );
  });

  it('does not come sooner because Retry-After is shorter than our own wait', () => {
    expect(nextAttemptAt({ attempts: 4, now, deadlineAt: now + weekMs, retryAfterMs: 1 }, middle)).toBe(
      now + 16_000,
    );
  });
});
