import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, readCharset } from './charset.js';

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

describe('readCharset', () => {
  it.each([
    ['application/json;charset=GBK', 'GBK'],
    ['application/json; CHARSET = "gb18030"; x=y', 'gb18030'],
    ["text/plain;charset='big5'", 'big5'],
    ['application/json; charset=utf-8', undefined],
    ['application/json;charset=UTF8', undefined],
    ['application/json', undefined],
    ['application/json; charset=', undefined],
    [undefined, undefined],
    [`application/json; ${'x'.repeat(10_000)}; charset=GBK`, undefined],
  ])('reads %j', (contentType, charset) => {
    expect(readCharset(contentType)).toBe(charset);
  });
});

describe('decodeText', () => {
  it.each([
    ['GBK', 'c4e3 bac3 d55c', '你好誠'],
    ['gb2312', 'c4e3 bac3', '你好'],
    ['GB18030', '8139 ef30', '㐁'],
    ['cp936', 'c4e3', '你'],
    ['Big5', 'a55c a440', '功一'],
    ['shift_jis', '835c', 'ソ'],
    ['euc-kr', 'b0a1', '가'],
    ['ISO-8859-1', '63 61 66 e9', 'café'],
    ['windows-1251', 'e4e0', 'да'],
    ['koi8-r', 'c4c1', 'да'],
    ['utf-16', '5b00 31 00 5d00', '[1]'],
    ['UTF-16BE', '005b 0031 005d', '[1]'],
  ])('reads %s', (charset, bytes, text) => {
    expect(decodeText(hex(bytes), charset)).toBe(text);
  });

  it('tells UTF-16 by its mark or its zeros, whatever was told', () => {
    for (const charset of [undefined, 'utf-8', 'gbk', 'no-such-charset']) {
      expect(decodeText(Buffer.from('\ufeff["话"]', 'utf16le'), charset)).toBe('["话"]');
      expect(decodeText(Buffer.from('["话"]', 'utf16le').swap16(), charset)).toBe('["话"]');
    }
    expect(decodeText(Buffer.from('[1]'), 'utf-16')).toBe('[1]');
    expect(decodeText(Buffer.from('[10]'), 'utf-16le')).toBe('[10]');
  });

  it('takes what is plainly UTF-8 for that, whatever was told', () => {
    const text = '{"outId":"你好，世界"}';
    for (const charset of ['GBK', 'iso-8859-1', 'big5', 'no-such-charset']) {
      expect(decodeText(Buffer.from(text), charset)).toBe(text);
      expect(decodeText(Buffer.from(`\ufeff${text}`), charset)).toBe(text);
    }
  });

  it('reads what is no text of the charset told as UTF-8, or not at all', () => {
    expect(decodeText(Buffer.from('\u0080'), 'euc-kr')).toBe('\u0080');
    expect(decodeText(hex('c422'), 'gbk')).toBeUndefined();
    expect(decodeText(hex('ff'), 'gb2312')).toBeUndefined();
    expect(decodeText(hex('c4e3'))).toBeUndefined();
    expect(decodeText(hex('c4e3'), 'replacement')).toBeUndefined();
  });

  it('never throws, and gives UTF-8 back as it is', () => {
    fc.assert(fc.property(fc.uint8Array(), fc.string(), (bytes, charset) => void decodeText(bytes, charset)));
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(decodeText(Buffer.from(json))).toBe(json);
      }),
    );
  });
});
