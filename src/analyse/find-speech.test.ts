import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSound, type Stretch } from '../../test/support/sound.js';
import { findSpeech, Loudness } from './find-speech.js';

function speechIn(stretches: readonly Stretch[], sampleRate = 8_000) {
  return speechOf(makeSound(stretches, sampleRate), sampleRate);
}

function speechOf(samples: Float32Array, sampleRate = 8_000) {
  const loudness = new Loudness(sampleRate);
  loudness.add(samples);
  return findSpeech(loudness.levels(), loudness.secondsPerLevel);
}

/** Begin and end, where they should be to a tenth of a second. */
function expectSpeech(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(found.map((segment) => segment.map((seconds) => Math.round(seconds * 10) / 10))).toEqual(expected);
}

/** The hiss of a line, −55 dB. */
const hiss = { noise: 0.003 };

describe('speech', () => {
  it('is where something stands out from the hiss, from a tenth of a second before to two tenths after', () => {
    const found = speechIn([
      { seconds: 2, ...hiss },
      { seconds: 1.5, tone: 0.3, ...hiss },
      { seconds: 3, ...hiss },
      { seconds: 0.5, tone: 0.02, ...hiss },
      { seconds: 2, ...hiss },
    ]);
    expectSpeech(found, [
      [1.9, 3.7],
      [6.4, 7.2],
    ]);
  });

  it.each([8_000, 11_025, 16_000, 44_100, 48_000])('is found at %i Hz in the same places', (sampleRate) => {
    const stretches = [{ seconds: 1 }, { seconds: 1, tone: 0.2 }, { seconds: 1 }];
    expectSpeech(speechIn(stretches, sampleRate), [[0.9, 2.2]]);
  });

  it('may be there from the first moment to the last', () => {
    expectSpeech(
      speechIn([
        { seconds: 1, tone: 0.1 },
        { seconds: 2, ...hiss },
        { seconds: 1, tone: 0.1 },
      ]),
      [
        [0, 1.2],
        [2.9, 4],
      ],
    );
  });

  it('is not in silence, in steady hiss, in a constant, in a click', () => {
    expect(speechIn([{ seconds: 5 }])).toEqual([]);
    expect(speechIn([{ seconds: 5, noise: 0.01 }])).toEqual([]);
    expect(speechOf(makeSound([{ seconds: 5, ...hiss }]).map((sample) => sample + 0.4))).toEqual([]);
    expect(speechIn([{ seconds: 1 }, { seconds: 0.02, tone: 0.5 }, { seconds: 1 }])).toEqual([]);
    expect(speechOf(new Float32Array(10))).toEqual([]);
    expect(speechOf(new Float32Array(8_000).fill(NaN))).toEqual([]);
  });

  it('goes on over pauses that are none to the ear', () => {
    const word = { seconds: 0.3, tone: 0.2 };
    expectSpeech(
      speechIn([{ seconds: 1 }, word, { seconds: 0.4 }, word, { seconds: 1 }, word, { seconds: 1 }]),
      [
        [0.9, 2.2],
        [2.9, 3.5],
      ],
    );
  });

  it('is told from noise that grows louder, and that a lost packet breaks off', () => {
    const word = { seconds: 0.5, tone: 0.2, noise: 0.01 };
    const traffic = { noise: 0.01 };
    const found = speechIn([
      ...[{ seconds: 10, ...hiss }, { seconds: 20, ...traffic }, word, { seconds: 4, ...traffic }],
      ...[{ seconds: 0.04 }, { seconds: 4, ...traffic }, word, { seconds: 2, ...traffic }],
    ]);
    expectSpeech(
      found.filter(([from]) => from > 15),
      [
        [29.9, 30.7],
        [38.4, 39.2],
      ],
    );
  });

  it('is whatever is loud, however long it lasts', () => {
    expectSpeech(speechIn([{ seconds: 60, tone: 0.5 }]), [[0, 60]]);
  });

  it('is found backwards in the mirrored places', () => {
    const stretch = fc.record({
      seconds: fc.integer({ min: 1, max: 60 }).map((frames) => frames / 50),
      tone: fc.constantFrom(0, 0, 0.05, 0.3),
    });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 12 }), (stretches) => {
        const samples = makeSound(stretches);
        const forwards = speechOf(samples);
        const backwards = speechOf(samples.toReversed());
        const seconds = samples.length / 8_000;
        const mirrored = backwards.map(([from, to]) => [seconds - to, seconds - from]).reverse();
        expect(mirrored).toHaveLength(forwards.length);
        forwards.forEach(([from, to], index) => {
          // Before and after are not of one length.
          expect(Math.abs(mirrored[index]![0]! - from)).toBeLessThan(0.102);
          expect(Math.abs(mirrored[index]![1]! - to)).toBeLessThan(0.102);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is told in ascending pieces that lie apart, and not in more than fit', () => {
    const levels = Uint8Array.from({ length: 500_000 }, (_, frame) => (frame % 50 < 10 ? 100 : 0));
    const found = findSpeech(levels, 0.02);
    expect(found.length).toBeLessThanOrEqual(4_096);
    expect(found.length).toBeGreaterThan(0);
    found.forEach(([from, to], index) => {
      expect(to).toBeGreaterThan(from);
      expect(from).toBeGreaterThan(found[index - 1]?.[1] ?? -1);
    });
  });
});
