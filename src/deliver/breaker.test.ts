import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointDefaults, type EndpointHealth } from '../domain/endpoint.js';
import { afterAttempt, isOpen, type AttemptNews } from './breaker.js';

const now = 1_000_000;
const closed: EndpointHealth = { failuresInARow: 0 };
const after = (health: EndpointHealth, news: AttemptNews, isProbe = false, schedule?: readonly number[]) =>
  afterAttempt(health, { news, isProbe }, now, schedule ? { retrySchedule: schedule } : endpointDefaults);

describe('the breaker', () => {
  it('opens with the third failure in a row, and asks again after the first wait of the schedule', () => {
    const two = after(after(closed, 'failed'), 'failed');
    expect(two).toEqual({ failuresInARow: 2 });
    expect(after(two, 'failed')).toEqual({ failuresInARow: 3, probeAt: now + 60_000 });
    expect(after(after(two, 'success'), 'failed')).toEqual({ failuresInARow: 1 });
  });

  it('waits twice as long with each probe, up to the longest wait', () => {
    let health: EndpointHealth = { failuresInARow: 3, probeAt: now };
    const waits = [1, 2, 3, 4, 5].map(() => {
      health = after(health, 'failed', true);
      return (health.probeAt ?? 0) - now;
    });
    expect(waits).toEqual([120_000, 240_000, 480_000, 600_000, 600_000]);
    expect(after({ failuresInARow: 3, probeAt: now }, 'failed', true, []).probeAt).toBe(now + 120_000);
    expect(after({ failuresInARow: 20, probeAt: now }, 'failed', true, []).probeAt).toBe(now + 600_000);
    expect(after({ failuresInARow: 20, probeAt: now }, 'failed', true, [0]).probeAt).toBe(now + 100);
  });

  it('does not lengthen the wait for what was under way, or goes on by its schedule', () => {
    const open: EndpointHealth = { failuresInARow: 3, probeAt: now + 50_000 };
    expect(after(open, 'failed')).toEqual({ failuresInARow: 3, probeAt: now + 60_000 });
    expect(after({ ...open, probeAt: now + 90_000 }, 'failed').probeAt).toBe(now + 90_000);
  });

  it('closes with any success, and with an answer that refuses the content or the request', () => {
    const open: EndpointHealth = { failuresInARow: 7, probeAt: now };
    expect(after(open, 'success', true)).toEqual(closed);
    expect(after(open, 'success')).toEqual(closed);
    expect(after(open, 'answered')).toEqual(closed);
  });

  it('is open exactly while the latest three or more attempts have failed', () => {
    const news = fc.constantFrom<AttemptNews>('success', 'answered', 'failed', 'failed', 'failed');
    fc.assert(
      fc.property(fc.array(news), (attempts) => {
        const health = attempts.reduce((before, each) => after(before, each, isOpen(before)), closed);
        const failed = attempts.length - 1 - attempts.findLastIndex((each) => each !== 'failed');
        expect(isOpen(health)).toBe(failed >= 3);
      }),
    );
  });
});
