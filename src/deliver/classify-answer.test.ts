import { describe, expect, it } from 'vitest';
import { EgressError, egressReasons } from '../net/egress-error.js';
import { classifyAnswer, classifyError } from './classify-answer.js';

const reasonOf = (status: number, body = '{"code":0}', isLonger = false) =>
  classifyAnswer({ status, body, isLonger }).reason;

describe('an answer to a push', () => {
  it.each(['{"code":0,"msg":"Received successfully"}', '{"code":17}', ' {"code":-1.5}\n'])(
    'acknowledges with 200 and %s',
    (body) => {
      expect(reasonOf(200, body)).toBe('acknowledged');
    },
  );

  it.each(['', 'ok', '{}', '{"code":"0"}', '{"code":null}', '[{"code":0}]', '0', '<html>', '{"code":0'])(
    'is no acknowledgement with 200 and %j',
    (body) => {
      expect(reasonOf(200, body)).toBe('no-acknowledgement');
    },
  );

  it('is no acknowledgement with any other status', () => {
    const reasons = {
      ...{ 201: 'unexpected-status', 202: 'unexpected-status', 204: 'unexpected-status' },
      ...{ 301: 'redirect', 307: 'redirect', 400: 'content-refused', 413: 'content-refused' },
      ...{ 422: 'content-refused', 401: 'request-refused', 404: 'request-refused', 410: 'request-refused' },
      ...{ 429: 'throttled', 500: 'server-error', 503: 'server-error' },
    };
    for (const [status, reason] of Object.entries(reasons)) expect(reasonOf(Number(status))).toBe(reason);
  });

  it('that does not end is none', () => {
    expect(reasonOf(200, '{"code":0}', true)).toBe('answer-too-large');
  });
});

describe('a push without an answer', () => {
  it('has a reason for everything that can happen on the way', () => {
    for (const reason of egressReasons) {
      expect(classifyError(new EgressError(reason, 'x'), false)?.reason).toBeDefined();
    }
    expect(classifyError(new TypeError('ours'), false)).toBeUndefined();
  });

  it('found nobody unless the other side took the connection', () => {
    const found = (isConnected: boolean, hasAnswered = false) =>
      classifyError(new EgressError('timeout', 'x', undefined, { isConnected, timings: {} }), hasAnswered)
        ?.foundNobody;
    expect(found(false)).toBe(true);
    expect(found(true)).toBe(false);
    expect(found(false, true)).toBe(false);
  });
});
