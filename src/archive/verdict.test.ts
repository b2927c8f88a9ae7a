import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downloadReasons } from '../domain/recording.js';
import type { Failure } from './classify-failure.js';
import { toVerdict } from './verdict.js';

const now = 1_750_000_000_000;
const day = 86_400_000;
const claimed = {
  ...{ attempts: 0, lateAttempts: 0, deadlineAt: now + day, firstReceivedAt: now - 7 * day },
  link: 'http://h.example/a.wav',
};
const verdictOf = (failure: Failure, more: Partial<typeof claimed> = {}, saidAt?: number) => {
  const ended = { result: { kind: 'failed' as const, failure }, at: now, ...(saidAt ? { saidAt } : {}) };
  return toVerdict({ ...claimed, ...more }, ended, now, () => 0.5);
};
const retry = (reason: Failure['reason'], more: Partial<Failure> = {}): Failure => ({
  ...{ outcome: 'retry', reason },
  ...more,
});

describe('the verdict on a failed attempt', () => {
  it('is another try while there is time', () => {
    expect(verdictOf(retry('not-found'))).toEqual({ kind: 'retry', nextAttemptAt: now + 2_000 });
    expect(verdictOf(retry('throttled', { retryAfterMs: 90_000 }))).toEqual({
      kind: 'retry',
      nextAttemptAt: now + 90_000,
    });
  });

  it('is another try behind the deadline where no more fits in before it', () => {
    for (const deadlineAt of [now + 1, now + 900])
      expect(verdictOf(retry('not-found'), { deadlineAt })).toEqual({
        kind: 'retry',
        nextAttemptAt: deadlineAt + 1_000,
      });
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

  it('is lost before the deadline by one word alone: the storage says expired', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...downloadReasons),
        fc.integer({ min: 1, max: 400 * day }),
        (reason, leftMs) => {
          const deadlineAt = now + leftMs;
          expect(verdictOf(retry(reason), { deadlineAt }).kind).toBe('retry');
          const kind = reason === 'expired' ? 'lost' : 'blocked';
          expect(verdictOf({ outcome: 'refuse', reason }, { deadlineAt })).toEqual({ kind, reason });
        },
      ),
    );
  });
});

describe('the verdict on an attempt behind the deadline', () => {
  const late = { deadlineAt: now - day, attempts: 5 };
  const lost = { kind: 'lost', reason: 'deadline-passed' };

  it.each(['not-found', 'forbidden', 'not-audio', 'redirect', 'unexpected-status', 'too-large'] as const)(
    'is lost where the storage has spoken: %s',
    (reason) => {
      expect(verdictOf(retry(reason), late)).toEqual(lost);
      expect(verdictOf(retry(reason), late, now)).toEqual(lost);
    },
  );

  it.each([
    ...(['throttled', 'server-error', 'timeout', 'connection-refused', 'connection-reset'] as const),
    ...(['dns-failure', 'tls-failure', 'truncated', 'wrong-checksum'] as const),
  ])('is another try where it was away, a dozen times in about an hour: %s', (reason) => {
    let waitedMs = 0;
    for (let lateAttempts = 0; lateAttempts < 11; lateAttempts++) {
      const verdict = verdictOf(retry(reason), { ...late, lateAttempts });
      if (verdict.kind !== 'retry') throw new Error(`${verdict.kind} after ${lateAttempts}`);
      waitedMs += verdict.nextAttemptAt - now;
    }
    expect(waitedMs).toBeGreaterThan(30 * 60_000);
    expect(waitedMs).toBeLessThan(3 * 3_600_000);
    expect(verdictOf(retry(reason), { ...late, lateAttempts: 11 })).toEqual(lost);
  });

  it('is another try where it is earlier by the clock of the storage, as late as that one says', () => {
    for (const reason of ['not-found', 'forbidden', 'server-error'] as const)
      for (const lateAttempts of [0, 50])
        expect(
          verdictOf(retry(reason), { ...late, lateAttempts }, late.deadlineAt - 3_600_000),
        ).toMatchObject({
          kind: 'retry',
        });
    expect(verdictOf(retry('not-found'), late, late.deadlineAt - 500)).toEqual({
      kind: 'retry',
      nextAttemptAt: now + 1_500,
    });
    // A clock that stands still is no witness.
    expect(verdictOf(retry('not-found'), late, 1)).toEqual(lost);
  });

  it('is another try where the link came odd and has not been asked for in every spelling', () => {
    const odd = { ...late, link: 'http://h.example/a?x=1&amp;y=2' };
    expect(verdictOf(retry('not-found'), { ...odd, attempts: 0 })).toMatchObject({ kind: 'retry' });
    expect(verdictOf(retry('not-found'), { ...odd, attempts: 1 })).toEqual(lost);
  });

  it('is another try for ever where our own storage failed: theirs has said nothing', () => {
    for (const reason of ['storage-failed', 'no-space'] as const)
      expect(verdictOf(retry(reason), { ...late, lateAttempts: 500 })).toMatchObject({ kind: 'retry' });
  });

  it('is another try for ever where all bytes are here', () => {
    const held = retry('storage-failed', { isHeld: true });
    expect(verdictOf(held, { ...late, lateAttempts: 500 })).toMatchObject({ kind: 'retry' });
  });
});
