import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { looksLikePush } from './gathered-bytes.js';

const looks = (body: string | Uint8Array) =>
  looksLikePush(typeof body === 'string' ? Buffer.from(body) : body);

describe('looksLikePush', () => {
  it.each(['[]', '{}', ' \r\n[1]\t ', '\ufeff[1]', '\ufeff {"a":1} ', '[broken]', '{]}', ''])(
    'takes %j',
    (body) => {
      expect(looks(body)).toBe(true);
    },
  );

  it('takes anything packed: what is inside is not looked at', () => {
    expect(looks(gzipSync('no push'))).toBe(true);
    expect(looks(Buffer.from([0x1f, 0x8b]))).toBe(true);
  });

  it.each([
    'null',
    '5',
    '"[]"',
    'code=0',
    '<xml/>',
    '[',
    ']',
    '[1',
    '1]',
    '{"a":1',
    '[}',
    '{]',
    '   ',
    '\ufeff',
    '\u0000[]',
  ])('sees that %j is no push', (body) => {
    expect(looks(body)).toBe(false);
  });
});
