import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crc64 } from './crc64.js';

const crcOf = (bytes: Uint8Array) => new Crc64().update(bytes).digest();

/** The definition, bit by bit. */
function plainCrc64(bytes: Uint8Array): string {
  let crc = 0xffff_ffff_ffff_ffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xc96c_5795_d787_0f42n : crc >> 1n;
  }
  return (crc ^ 0xffff_ffff_ffff_ffffn).toString();
}

describe('CRC-64/XZ', () => {
  it('gives the published check value', () => {
    expect(crcOf(Buffer.from('123456789'))).toBe(0x995d_c9bb_df19_39fan.toString());
  });

  it('is 0 for no bytes', () => {
    expect(crcOf(new Uint8Array())).toBe('0');
  });

  it('agrees with the definition, however the bytes are cut and wherever they lie', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(7), (bytes, cut, shift) => {
        const shifted = new Uint8Array(bytes.length + shift);
        shifted.set(bytes, shift);
        const moved = shifted.subarray(shift);
        const inTwo = new Crc64().update(moved.subarray(0, cut)).update(moved.subarray(cut));
        expect(inTwo.digest()).toBe(plainCrc64(bytes));
      }),
    );
  });

  it('may be read in the middle and carried on', () => {
    const crc = new Crc64().update(Buffer.from('12345'));
    crc.digest();
    expect(crc.update(Buffer.from('6789')).digest()).toBe(crcOf(Buffer.from('123456789')));
  });
});
