import { describe, expect, it } from 'vitest';
import type { ClaimedDownload } from '../store/recordings.js';
import type { Failure } from './classify-failure.js';
import { isPastHope, toVerdict } from './verdict.js';

const now = 1_750_000_000_000;
const claimed = { attempts: 0, deadlineAt: now + 86_400_000 };
const verdictOf = (failure: Failure, more: Partial<typeof claimed> = {}) =>
  toVerdict({ ...claimed, ...more }, { kind: 'failed', failure }, now, () => 0.5);

describe('the verdict on a failed attempt', () => {
  it('is another try while there is time', () => {
    expect(verdictOf({ outcome: 'retry', reason: 'not-found' })).toEqual({
      kind: 'retry',
      nextAttemptAt: now + 2_000,
    });
    const throttled: Failure = { outcome: 'retry', reason: 'throttled', retryAfterMs: 90_000 };
    expect(verdictOf(throttled)).toEqual({ kind: 'retry', nextAttemptAt: now + 90_000 });
  });

  it('is lost once the deadline has passed, or the storage says expired', () => {
    expect(verdictOf({ outcome: 'retry', reason: 'not-found' }, { deadlineAt: now })).toEqual({
      kind: 'lost',
      reason: 'deadline-passed',
    });
    expect(verdictOf({ outcome: 'refuse', reason: 'expired' })).toEqual({ kind: 'lost', reason: 'expired' });
  });

  it('is blocked where host or address are not allowed', () => {
    expect(verdictOf({ outcome: 'refuse', reason: 'address-not-allowed' })).toEqual({
      kind: 'blocked',
      reason: 'address-not-allowed',
    });
  });

  it('is a release where we stopped it', () => {
    expect(verdictOf({ outcome: 'aborted', reason: 'stopped' })).toEqual({ kind: 'released' });
  });
});

describe('a recording past its deadline', () => {
  const late = { deadlineAt: now, attempts: 1, forced: false } as ClaimedDownload;

  it('is beyond hope once it was tried, unless somebody asks', () => {
    expect(isPastHope(late, now)).toBe(true);
    expect(isPastHope({ ...late, attempts: 0 }, now)).toBe(false);
    expect(isPastHope({ ...late, forced: true }, now)).toBe(false);
    expect(isPastHope(late, now - 1)).toBe(false);
  });
});
