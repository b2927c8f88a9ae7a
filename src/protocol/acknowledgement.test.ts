import { describe, expect, it } from 'vitest';
import { isAcknowledged, received, senderRetrySchedule, senderTimeoutMs } from './acknowledgement.js';

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
