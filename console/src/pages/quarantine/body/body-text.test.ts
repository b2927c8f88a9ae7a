import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, readGb18030, readHex, readText, toBase64, writeHex, writeHexDump } from './body-text.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const anyBytes = fc.uint8Array({ maxLength: 300 });

describe('what was received, for reading and correcting', () => {
  it('is text where it is UTF-8, without its byte order mark', () => {
    expect(readText(bytesOf('{"outId":"订单"}'))).toEqual({ text: '{"outId":"订单"}' });
    expect(readText(bytesOf('\uFEFF[]'))).toEqual({ text: '[]' });
  });

  it('says where it stops being UTF-8', () => {
    const bytes = bytesOf('{"outId":"订单-x"}');
    bytes[16] = 0xff;
    expect(readText(bytes)).toEqual({ text: undefined, faultAt: 16 });
    // In the middle of a character, and at the end of all.
    bytes[12] = 0x20;
    expect(readText(bytes)).toEqual({ text: undefined, faultAt: 10 });
    expect(readText(bytesOf('a订').subarray(0, 3))).toEqual({ text: undefined, faultAt: 1 });
  });

  it('says for any bytes the longest beginning that is UTF-8', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const { text, faultAt } = readText(bytes);
        if (text !== undefined) return;
        const good = Buffer.from(bytes.subarray(0, faultAt));
        expect(Buffer.from(good.toString()).equals(good)).toBe(true);
        const rest = bytes.subarray(faultAt);
        const isCharacter = [1, 2, 3, 4].some((length) => {
          const character = Buffer.from(rest.subarray(0, length));
          return character.length === length && Buffer.from(character.toString()).equals(character);
        });
        expect(isCharacter).toBe(false);
      }),
    );
  });

  it('is read as GB18030 where it is that', () => {
    expect(readGb18030(Uint8Array.of(0xb6, 0xa9, 0xb5, 0xa5))).toBe('订单');
    expect(readGb18030(Uint8Array.of(0xff, 0xff))).toBeUndefined();
  });

  it('goes to hex and to base64 and comes back', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(readHex(writeHex(bytes))).toEqual(bytes);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
    expect(readHex('7b 7')).toBeUndefined();
    expect(readHex('xy')).toBeUndefined();
  });

  it('is shown in lines of sixteen bytes', () => {
    expect(writeHexDump(bytesOf('{"callId":"1"}\nabc'))).toBe(
      [
        '00000000  7b 22 63 61 6c 6c 49 64 22 3a 22 31 22 7d 0a 61  {"callId":"1"}·a',
        '00000010  62 63                                            bc',
      ].join('\n'),
    );
  });
});
