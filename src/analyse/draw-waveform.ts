import type { Waveform } from '../store/waveforms.js';
import { findSpeech } from './find-speech.js';
import { Loudness } from './loudness.js';
import { PeakBuckets } from './peak-buckets.js';
import type { SampleBlock } from './sample-block.js';
import { UndecodableAudio } from './undecodable-audio.js';

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
