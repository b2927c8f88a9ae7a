import { describe, expect, it } from 'vitest';
import { EgressError, egressReasons } from '../net/egress-error.js';
import { StorageError } from '../storage/asset-storage.js';
import { parseRetryAfter } from '../domain/outcome.js';
import { classifyAnswer, classifyError } from './classify-failure.js';

const now = Date.parse('2025-05-22T00:00:00Z');
const answer = (status: number, text = '', retryAfter?: string) =>
  classifyAnswer({ status, text, now, ...(retryAfter === undefined ? {} : { retryAfter }) });

describe('an answer without the recording', () => {
  it('is final only when the storage says that the link has expired', () => {
    const expired = '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>';
    expect(answer(403, expired)).toMatchObject({ outcome: 'refuse', reason: 'expired' });
    for (const code of ['SignatureDoesNotMatch', 'InvalidAccessKeyId', 'InDebt', 'AccessDenied']) {
      const text = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
      expect(answer(403, text)).toEqual({
        outcome: 'retry',
        reason: 'forbidden',
        pace: 'slow',
        detail: `${code}: no`,
      });
    }
    expect(answer(403)).toMatchObject({ outcome: 'retry', reason: 'forbidden' });
  });

  it.each([
    [404, 'not-found'],
    [500, 'server-error'],
    [502, 'server-error'],
    [301, 'redirect'],
    [307, 'redirect'],
    [400, 'unexpected-status'],
    [410, 'unexpected-status'],
    [204, 'unexpected-status'],
    [206, 'unexpected-status'],
  ])('with status %i is tried again as %s', (status, reason) => {
    expect(answer(status)).toMatchObject({ outcome: 'retry', reason });
  });

  it('waits as long as a busy storage asks', () => {
    expect(answer(503, '', '30')).toEqual({ outcome: 'retry', reason: 'throttled', retryAfterMs: 30_000 });
    expect(answer(429)).toEqual({ outcome: 'retry', reason: 'throttled' });
    expect(parseRetryAfter('Thu, 22 May 2025 00:01:00 GMT', now)).toBe(60_000);
    for (const odd of [undefined, '', '0', '-5', 'soon', 'Thu, 22 May 2015 00:01:00 GMT']) {
      expect(parseRetryAfter(odd, now)).toBeUndefined();
    }
  });
});

describe('an error during an attempt', () => {
  it('has an outcome for every reason of the way out', () => {
    for (const reason of egressReasons) expect(classifyError(new EgressError(reason, 'x'))).toBeDefined();
  });

  it('blocks what is not allowed, and does not count what we stopped', () => {
    for (const reason of ['bad-url', 'host-not-allowed', 'address-not-allowed'] as const) {
      expect(classifyError(new EgressError(reason, 'x'))?.outcome).toBe('refuse');
    }
    expect(classifyError(new EgressError('aborted', 'x'))).toEqual({ outcome: 'aborted', reason: 'stopped' });
  });

  it('is tried again when storage fails', () => {
    expect(classifyError(new StorageError('io-failed', 'writing: EIO'))).toMatchObject({
      outcome: 'retry',
      reason: 'storage-failed',
    });
    expect(classifyError(new StorageError('no-space', 'writing: ENOSPC'))).toEqual({
      outcome: 'retry',
      reason: 'no-space',
      detail: 'writing: ENOSPC',
    });
  });

  it('is told from a mistake of our own', () => {
    expect(classifyError(new TypeError('x is undefined'))).toBeUndefined();
  });
});
