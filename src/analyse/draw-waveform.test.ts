import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWav, inPieces, makeConversation, makeSound } from '../../test/support/sound.js';
import type { Waveform } from '../store/waveforms.js';
import { drawWaveform, maxPeaks, PeakBuckets } from './draw-waveform.js';
import type { SampleBlock } from './sample-reader.js';
import { decodeWav } from './wav-samples.js';

function draw(wav: Uint8Array): Promise<Waveform> {
  return drawWaveform(decodeWav(inPieces(wav, [65_536]), wav.length));
}

async function* blocksOf(channels: readonly Float32Array[], sampleRate = 8_000): AsyncGenerator<SampleBlock> {
  for (let at = 0; at < (channels[0]?.length ?? 0); at += 4_000)
    yield { sampleRate, channels: channels.map((channel) => channel.subarray(at, at + 4_000)) };
}

const quiet = { noise: 0.002 };
const part = fc.record({
  seconds: fc.integer({ min: 5, max: 100 }).map((frames) => frames / 50),
  tone: fc.constantFrom(0, 0.1, 0.4),
});
/** Hiss, and tones that stand far out from it. */
const sound = fc
  .array(part, { minLength: 1, maxLength: 8 })
  .map((parts) => makeSound(parts.map((one) => ({ ...quiet, ...one }))));

describe('the waveform of a recording', () => {
  it('has length, peaks and speech of each party', async () => {
    const agent = makeSound([{ seconds: 1, tone: 0.5 }, { seconds: 3 }]);
    const customer = makeSound([{ seconds: 2 }, { seconds: 1, tone: 0.25 }, { seconds: 1 }]);
    const { seconds, channels } = await draw(encodeWav([agent, customer], { codec: 'alaw' }));
    expect(seconds).toBe(4);
    expect(channels.map(({ peaks }) => peaks.length)).toEqual([1_024, 1_024]);
    expect(channels.map(({ speech }) => speech)).toEqual([[[0, 1.2]], [[1.9, 3.2]]]);
    const loudest = channels.map(({ peaks }) =>
      [0, 1, 2, 3].map((second) => Math.max(...peaks.subarray(second * 256 + 1, second * 256 + 255))),
    );
    // As A-law has it: steps of 3 % there.
    expect(loudest).toEqual([
      [131, 0, 0, 0],
      [0, 0, 66, 0],
    ]);
  });

  it('tells two parties apart that talk in turn', async () => {
    const { channels } = await draw(makeConversation());
    const [agent = [], customer = []] = channels.map(({ speech }) => speech);
    expect(agent.length).toBeGreaterThan(0);
    expect(customer.length).toBeGreaterThan(0);
    for (const [from, to] of agent) {
      const together = customer.map(([begin, end]) => Math.min(to, end) - Math.max(from, begin));
      expect(Math.max(...together)).toBeLessThan(0.4);
    }
  });

  it('changes channels with its sound', async () => {
    await fc.assert(
      fc.asyncProperty(sound, sound, async (one, other) => {
        const length = Math.min(one.length, other.length);
        const [left, right] = [one.subarray(0, length), other.subarray(0, length)];
        const there = await drawWaveform(blocksOf([left, right]));
        const swapped = await drawWaveform(blocksOf([right, left]));
        expect(swapped).toEqual({ ...there, channels: there.channels.toReversed() });
      }),
      { numRuns: 20 },
    );
  });

  it('grows with the gain, and finds the same speech', async () => {
    await fc.assert(
      fc.asyncProperty(sound, fc.constantFrom(0.5, 0.7, 2), async (samples, gain) => {
        const there = await drawWaveform(blocksOf([samples]));
        const louder = await drawWaveform(blocksOf([samples.map((sample) => sample * gain)]));
        expect(louder.channels[0]!.speech).toEqual(there.channels[0]!.speech);
        there.channels[0]!.peaks.forEach((peak, index) => {
          // Each of the two is rounded.
          const off = Math.abs(louder.channels[0]!.peaks[index]! - peak * gain);
          expect(off).toBeLessThanOrEqual(0.501 + gain / 2);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('of a beginning is that of the whole, as far as it goes', async () => {
    await fc.assert(
      fc.asyncProperty(sound, sound, async (beginning, rest) => {
        const whole = Float32Array.from([...beginning, ...rest]);
        const end = beginning.length / 8_000;
        const [{ speech }] = (await drawWaveform(blocksOf([whole]))).channels as [Waveform['channels'][0]];
        const cut = (await drawWaveform(blocksOf([beginning]))).channels[0]!.speech;
        // What follows tells of the noise, too, so that near the end it may be judged otherwise.
        const settled = (segments: readonly (readonly [number, number])[]) =>
          segments.filter(([, to]) => to < end - 1);
        expect(settled(cut)).toEqual(settled(speech));
      }),
      { numRuns: 20 },
    );
  });

  it('is not drawn of nothing, of what changes its form, of what does not end', async () => {
    await expect(draw(encodeWav([new Float32Array(0)]))).rejects.toMatchObject({ reason: 'broken' });
    const changing = async function* (): AsyncGenerator<SampleBlock> {
      yield* blocksOf([new Float32Array(10)]);
      yield* blocksOf([new Float32Array(10)], 16_000);
    };
    await expect(drawWaveform(changing())).rejects.toMatchObject({ reason: 'broken' });
    const endless = async function* (): AsyncGenerator<SampleBlock> {
      for (;;) yield { sampleRate: 1, channels: [new Float32Array(10_000)] };
    };
    await expect(drawWaveform(endless())).rejects.toMatchObject({ reason: 'unsupported' });
  });

  it('passes on what keeps the samples from coming', async () => {
    const failing = async function* (): AsyncGenerator<SampleBlock> {
      yield* blocksOf([new Float32Array(10)]);
      throw new Error('the storage is away');
    };
    await expect(drawWaveform(failing())).rejects.toThrow('the storage is away');
  });
});

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
