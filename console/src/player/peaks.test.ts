import { describe, expect, it } from 'vitest';
import { decodePeaks, resamplePeaks } from './peaks.ts';

describe('peaks', () => {
  it('are the bytes that were sent', () => {
    expect([...decodePeaks(Buffer.from([0, 127, 255]).toString('base64'))]).toEqual([0, 127, 255]);
  });

  it('keep the loudest of what falls together', () => {
    expect(resamplePeaks(Uint8Array.of(0, 255, 51, 0, 102, 0), 3)).toEqual([1, 0.2, 0.4]);
  });

  it('are spread where there are fewer than asked for', () => {
    expect(resamplePeaks(Uint8Array.of(255, 0), 4)).toEqual([1, 1, 0, 0]);
  });

  it('are silence where there are none', () => {
    expect(resamplePeaks(new Uint8Array(), 2)).toEqual([0, 0]);
  });
});
