import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDeliveryAttemptAt, endpointDefaults } from './endpoint.js';

const now = Date.UTC(2025, 4, 22, 5);
const never = () => 0;

describe('the schedule of a delivery', () => {
  it('is 1, 5 and 10 minutes, each after the failure before it, unless said otherwise', () => {
    const waits = [1, 2, 3, 4].map((failures) =>
      nextDeliveryAttemptAt({ failures, now, settings: endpointDefaults }, never),
    );
    expect(waits).toEqual([now + 60_000, now + 300_000, now + 600_000, undefined]);
  });

  it('is one attempt where the list is empty', () => {
    const settings = { ...endpointDefaults, retrySchedule: [] };
    expect(nextDeliveryAttemptAt({ failures: 1, now, settings }, never)).toBeUndefined();
  });

  it('is lengthened by Retry-After where that is wanted, never shortened, and to a day at most', () => {
    const settings = { ...endpointDefaults, retryAfter: true };
    const at = (retryAfterMs: number) =>
      nextDeliveryAttemptAt({ failures: 1, now, settings, retryAfterMs }, never);
    expect(at(120_000)).toBe(now + 120_000);
    expect(at(1_000)).toBe(now + 60_000);
    expect(at(1e12)).toBe(now + 86_400_000);
    const unasked = { failures: 1, now, settings: endpointDefaults, retryAfterMs: 120_000 };
    expect(nextDeliveryAttemptAt(unasked, never)).toBe(now + 60_000);
  });

  it('is moved by chance by no more than the jitter says', () => {
    const waitMs = fc.integer({ min: 0, max: 604_800 });
    fc.assert(
      fc.property(
        waitMs,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (seconds, jitter, chance) => {
          const settings = { ...endpointDefaults, retrySchedule: [seconds], jitter };
          const at = nextDeliveryAttemptAt({ failures: 1, now, settings }, () => chance) ?? 0;
          expect(at - now).toBeGreaterThanOrEqual(seconds * 1000);
          expect(at - now).toBeLessThanOrEqual(Math.ceil(seconds * 1000 * (1 + jitter)));
        },
      ),
    );
  });
});
