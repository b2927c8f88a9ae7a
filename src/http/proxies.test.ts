import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { tidyForwardedFor } from './proxies.js';

function tidied(header: string | undefined): unknown {
  const request = { headers: header === undefined ? {} : { 'x-forwarded-for': header } };
  tidyForwardedFor(request as unknown as IncomingMessage);
  return request.headers['x-forwarded-for'];
}

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:40000', '203.0.113.9'],
  ['203.0.113.9:40000, 10.0.0.2:1', '203.0.113.9, 10.0.0.2'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  [' 203.0.113.9 ,10.0.0.2', '203.0.113.9, 10.0.0.2'],
  // What stands left of something unreadable may be made up.
  ['1.2.3.4, _hidden', undefined],
  ['1.2.3.4, _hidden, 10.0.0.2', '10.0.0.2'],
  ['1.2.3.4, for=203.0.113.9', undefined],
  ['unknown', undefined],
  ['', undefined],
  ['203.0.113.9:', undefined],
  ['203.0.113.999', undefined],
  ['fe80::1%eth0', undefined],
  ['[203.0.113.9', undefined],
  [undefined, undefined],
])('X-Forwarded-For %j is read as %j', (header, addresses) => {
  expect(tidied(header)).toBe(addresses);
});
