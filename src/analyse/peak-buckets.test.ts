import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxPeaks, PeakBuckets } from './peak-buckets.js';

function peaksOf(samples: Float32Array, pieces: readonly number[] = [samples.length || 1]): Uint8Array {
  const buckets = new PeakBuckets();
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const length = pieces[turn % pieces.length]!;
    buckets.add(samples.subarray(at, at + length));
    at += length;
  }
  return buckets.peaks();
}

const toByte = (sample: number): number => Math.round(Math.abs(sample) * 255);
const length = fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 3_000, max: 60_000 }));

describe('peaks', () => {
  it('are the samples themselves where there are few', () => {
    const samples = Float32Array.of(0, -0.5, 1, 0.25);
    expect([...peaksOf(samples)]).toEqual([0, 128, 255, 64]);
    expect([...peaksOf(new Float32Array(0))]).toEqual([]);
  });

  it('are the same however the samples come', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(length, pieces, (count, cuts) => {
        const samples = Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));
        expect(peaksOf(samples, cuts)).toEqual(peaksOf(samples));
      }),
      { numRuns: 50 },
    );
  });

  it('show a single loud sample where it is, whatever the length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, where) => {
          const at = Math.min(count - 1, Math.floor(where * count));
          const samples = new Float32Array(count);
          samples[at] = -0.8;
          const peaks = peaksOf(samples);
          expect(peaks).toHaveLength(Math.min(count, maxPeaks));
          const loud = [...peaks.keys()].filter((index) => peaks[index]! > 0);
          const place = (at / count) * peaks.length;
          expect(loud.length).toBeLessThanOrEqual(2);
          for (const index of loud) expect(Math.abs(index + 0.5 - place)).toBeLessThanOrEqual(1.5);
          expect(Math.max(...peaks)).toBe(toByte(0.8));
        },
      ),
    );
  });

  it('stay in their bytes, whatever a float claims', () => {
    expect([...peaksOf(Float32Array.of(7, NaN, -Infinity, 1e-9))]).toEqual([255, 0, 255, 0]);
  });
});
