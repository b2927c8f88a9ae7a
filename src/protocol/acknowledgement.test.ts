import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acknowledge,
  isAcknowledged,
  received,
  senderRetrySchedule,
  senderTimeoutMs,
} from './acknowledgement.js';

describe('isAcknowledged', () => {
  it('takes status 200 with a numeric code, whatever else is there', () => {
    expect(isAcknowledged(200, JSON.stringify(received))).toBe(true);
    expect(isAcknowledged(200, '{"code":500}')).toBe(true);
    expect(isAcknowledged(200, ' {"msg":null,"code":-1.5} ')).toBe(true);
  });

  it.each(['', 'OK', 'null', '5', '"0"', '[]', '{}', '{"code":"0"}', '{"code":null}', '{"Code":0}'])(
    'takes no body such as %j',
    (body) => {
      expect(isAcknowledged(200, body)).toBe(false);
    },
  );

  it.each([201, 202, 204, 301, 400, 404, 500, 503])('takes no status %i', (status) => {
    expect(isAcknowledged(status, '{"code":0}')).toBe(false);
  });
});

describe('the sender', () => {
  it('is answered in the words of the specification', () => {
    expect(received).toEqual({ code: 0, msg: 'Received successfully' });
  });

  it('waits 700 ms, and retries after 1, 5 and 10 minutes', () => {
    expect(senderTimeoutMs).toBe(700);
    expect(senderRetrySchedule).toEqual([60, 300, 600]);
  });
});

describe('acknowledge', () => {
  it("makes the specification's own answer", () => {
    expect(JSON.stringify(acknowledge())).toBe('{"code":0,"msg":"Received successfully"}');
    expect(acknowledge(7)).toEqual({ code: 7 });
    expect(acknowledge(7, 'no call of ours')).toEqual({ code: 7, msg: 'no call of ours' });
  });

  it('makes none that is no acknowledgement', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), (code, msg) => {
        expect(isAcknowledged(200, JSON.stringify(acknowledge(code, msg)))).toBe(true);
      }),
    );
    for (const code of [NaN, Infinity, -Infinity]) expect(() => acknowledge(code)).toThrow(RangeError);
  });
});
