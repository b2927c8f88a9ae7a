import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toALaw } from '../simulator/audio/phrase-bank.js';
import { aLawSamples, muLawSamples, unsignedSamples } from './sample-reader.js';

const at16Bits = (table: Float32Array, bytes: readonly number[]) =>
  bytes.map((byte) => table[byte]! * 32_768);

describe('the tables of bytes that stand for samples', () => {
  it('has the ends and the middle of A-law as G.711 tells them', () => {
    expect(at16Bits(aLawSamples, [0xd5, 0x55, 0xaa, 0x2a])).toEqual([8, -8, 32_256, -32_256]);
  });

  it('has the ends and the middle of µ-law as G.711 tells them', () => {
    expect(at16Bits(muLawSamples, [0xff, 0xfe, 0x80, 0x00])).toEqual([0, 8, 32_124, -32_124]);
  });

  it('has 8-bit PCM about its middle', () => {
    expect([...[0, 128, 255].map((byte) => unsignedSamples[byte])]).toEqual([-1, 0, 127 / 128]);
  });

  it('gives what was coded as A-law, to half a step of its segment', () => {
    fc.assert(
      fc.property(fc.integer({ min: -32_768, max: 32_767 }), (sample) => {
        const decoded = aLawSamples[toALaw(sample)]! * 32_768;
        expect(Math.abs(decoded - sample)).toBeLessThanOrEqual(Math.max(8, Math.abs(sample) / 32) + 8);
      }),
    );
  });
});
