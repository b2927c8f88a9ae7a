import type { Waveform } from '../store/waveforms.js';
import { findSpeech, Loudness } from './find-speech.js';
import { type SampleBlock, UndecodableAudio } from './sample-reader.js';

/** A file of a few megabytes can claim weeks of silence. No call lasts longer than this. */
export const maxSeconds = 24 * 60 * 60;

/**
 * The picture of whatever the blocks are of. Of the samples nothing is kept but peaks and levels.
 * @throws UndecodableAudio `broken` where there are none, or the sound changes its form on the way; `unsupported` where
 * there is no end of them. Whatever the blocks' source throws comes through.
 */
export async function drawWaveform(blocks: AsyncIterable<SampleBlock>): Promise<Waveform> {
  let drawing: Drawing | undefined;
  for await (const block of blocks) {
    drawing ??= new Drawing(block);
    drawing.add(block);
  }
  if (!drawing || drawing.seconds === 0) throw new UndecodableAudio('broken', 'There is no sound in it.');
  return drawing.end();
}

class Drawing {
  readonly #sampleRate: number;
  readonly #channels: readonly { readonly peaks: PeakBuckets; readonly loudness: Loudness }[];
  #samples = 0;

  constructor({ sampleRate, channels }: SampleBlock) {
    this.#sampleRate = sampleRate;
    this.#channels = channels.map(() => ({ peaks: new PeakBuckets(), loudness: new Loudness(sampleRate) }));
  }

  get seconds(): number {
    return this.#samples / this.#sampleRate;
  }

  add({ sampleRate, channels }: SampleBlock): void {
    if (sampleRate !== this.#sampleRate || channels.length !== this.#channels.length)
      throw new UndecodableAudio('broken', 'The sound changes its rate or its channels on the way.');
    this.#channels.forEach(({ peaks, loudness }, index) => {
      peaks.add(channels[index]!);
      loudness.add(channels[index]!);
    });
    this.#samples += channels[0]?.length ?? 0;
    if (this.seconds > maxSeconds) throw new UndecodableAudio('unsupported', 'It is longer than a day.');
  }

  end(): Waveform {
    return {
      seconds: Math.round(this.seconds * 1000) / 1000,
      channels: this.#channels.map(({ peaks, loudness }) => ({
        peaks: peaks.peaks(),
        speech: findSpeech(loudness.levels(), loudness.secondsPerLevel),
      })),
    };
  }
}

/** What a waveform has of each channel, at most. */
export const maxPeaks = 1_024;
/** While it is gathered: finer, so that the equal stretches of the end can be cut out of these. */
const maxBuckets = 4 * maxPeaks;

/**
 * The highest absolute sample of each stretch of one channel. How long the audio is need not be known: a bucket holds
 * one sample at first, and whenever there are too many, each two become one.
 */
export class PeakBuckets {
  readonly #buckets = new Float32Array(maxBuckets);
  #closed = 0;
  #samplesPerBucket = 1;
  #highest = 0;
  #left = 1;

  add(samples: Float32Array): void {
    for (let at = 0; at < samples.length;) {
      const end = Math.min(samples.length, at + this.#left);
      this.#highest = highestOf(samples, at, end, this.#highest);
      this.#left -= end - at;
      at = end;
      if (this.#left === 0) this.#close();
    }
  }

  /** As many stretches as fit, all of one length: 0 is silence, 255 as loud as can be. */
  peaks(): Uint8Array {
    const whole = this.#closed + (this.#samplesPerBucket - this.#left) / this.#samplesPerBucket;
    const buckets = this.#buckets.subarray(0, Math.ceil(whole));
    if (this.#closed < buckets.length) buckets[this.#closed] = this.#highest;
    const count = Math.min(maxPeaks, buckets.length);
    return Uint8Array.from({ length: count }, (_, index) => {
      const from = Math.floor((index * whole) / count);
      const to = Math.min(buckets.length, Math.ceil(((index + 1) * whole) / count));
      return Math.min(255, Math.round(highestOf(buckets, from, to, 0) * 255));
    });
  }

  #close(): void {
    this.#buckets[this.#closed++] = this.#highest;
    if (this.#closed === maxBuckets) this.#halve();
    this.#highest = 0;
    this.#left = this.#samplesPerBucket;
  }

  #halve(): void {
    const buckets = this.#buckets;
    for (let i = 0; i < maxBuckets / 2; i++) buckets[i] = Math.max(buckets[2 * i]!, buckets[2 * i + 1]!);
    this.#closed = maxBuckets / 2;
    this.#samplesPerBucket *= 2;
  }
}

function highestOf(samples: Float32Array, from: number, to: number, atLeast: number): number {
  let highest = atLeast;
  for (let i = from; i < to; i++) {
    const sample = samples[i]!;
    if (sample > highest) highest = sample;
    else if (-sample > highest) highest = -sample;
  }
  return highest;
}
