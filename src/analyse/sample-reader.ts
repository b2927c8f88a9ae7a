import type { WavCodec } from '../audio/wave-format.js';
import { aLawSamples, muLawSamples, unsignedSamples } from './companding.js';
import type { SampleBlock } from './sample-block.js';

/** Whole frames of it are unpacked at a time: what a disk gives at once is a few of these. */
const heldBytes = 64 * 1024;

export interface PackedSamples {
  readonly codec: WavCodec;
  readonly channels: number;
  readonly sampleRate: number;
  readonly sampleBytes: number;
}

/** Writes the samples of one channel to `out`: that of frame 0 is number `first`, each next one `step` further on. */
type Unpack = (out: Float32Array, first: number, step: number) => void;

/** Bytes of interleaved samples, cut anywhere, to blocks of samples by channel. */
export class SampleReader {
  /** Aligned, so that it can be looked at as numbers of any width; little-endian, as every processor we run on. */
  readonly #held = new Uint8Array(heldBytes);
  readonly #format: PackedSamples;
  readonly #unpack: Unpack;
  readonly #frameBytes: number;
  readonly #frames: number;
  readonly #channels: readonly Float32Array[];
  #filled = 0;

  /** Undefined where the samples are of a width that their codec does not have. */
  static of(format: PackedSamples): SampleReader | undefined {
    const toUnpack = unpackers[`${format.codec}-${format.sampleBytes * 8}`];
    return toUnpack && new SampleReader(format, toUnpack);
  }

  private constructor(format: PackedSamples, toUnpack: (held: Uint8Array) => Unpack) {
    this.#format = format;
    this.#unpack = toUnpack(this.#held);
    this.#frameBytes = format.channels * format.sampleBytes;
    this.#frames = Math.floor(heldBytes / this.#frameBytes);
    this.#channels = Array.from({ length: format.channels }, () => new Float32Array(this.#frames));
  }

  /** The blocks that the bytes complete. What is left of a frame waits for the next bytes. */
  *read(bytes: Uint8Array): Generator<SampleBlock> {
    for (let at = 0; at < bytes.length;) {
      const taken = bytes.subarray(at, at + this.#frames * this.#frameBytes - this.#filled);
      this.#held.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      const frames = Math.floor(this.#filled / this.#frameBytes);
      if (frames === 0) return;
      yield this.#block(frames);
      this.#held.copyWithin(0, frames * this.#frameBytes, this.#filled);
      this.#filled -= frames * this.#frameBytes;
    }
  }

  #block(frames: number): SampleBlock {
    const channels = this.#channels.map((channel) => channel.subarray(0, frames));
    channels.forEach((channel, index) => {
      this.#unpack(channel, index, channels.length);
    });
    return { sampleRate: this.#format.sampleRate, channels };
  }
}

const unpackers: Readonly<Record<string, (held: Uint8Array) => Unpack>> = {
  'alaw-8': (held) => looking(held, aLawSamples),
  'ulaw-8': (held) => looking(held, muLawSamples),
  'pcm-8': (held) => looking(held, unsignedSamples),
  'pcm-16': (held) => scaling(new Int16Array(held.buffer), 1 / 2 ** 15),
  'pcm-24': joining,
  'pcm-32': (held) => scaling(new Int32Array(held.buffer), 1 / 2 ** 31),
  'float-32': (held) => scaling(new Float32Array(held.buffer), 1),
  'float-64': (held) => scaling(new Float64Array(held.buffer), 1),
};

function looking(bytes: Uint8Array, table: Float32Array): Unpack {
  return (out, first, step) => {
    for (let i = 0, at = first; i < out.length; i++, at += step) out[i] = table[bytes[at]!]!;
  };
}

function scaling(numbers: Int16Array | Int32Array | Float32Array | Float64Array, scale: number): Unpack {
  return (out, first, step) => {
    for (let i = 0, at = first; i < out.length; i++, at += step) out[i] = numbers[at]! * scale;
  };
}

function joining(bytes: Uint8Array): Unpack {
  return (out, first, step) => {
    for (let i = 0, at = first * 3; i < out.length; i++, at += step * 3) {
      const whole = (bytes[at]! << 8) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 24);
      out[i] = whole / 2 ** 31;
    }
  };
}
