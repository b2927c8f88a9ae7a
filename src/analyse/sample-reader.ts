import type { WavCodec } from '../audio/wave-format.js';
import type { WaveformReason } from '../store/waveforms.js';

/** A piece of decoded audio. It is lent until the next one is asked for: the decoder uses its memory again. */
export interface SampleBlock {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples from −1 to 1, as many of each channel; left is first. */
  readonly channels: readonly Float32Array[];
}

/** More channels than any telephone system records: beyond is a header that lies, or music. */
export const maxChannels = 8;

/** Whole frames of it are unpacked at a time: what a disk gives at once is a few of these. */
const heldBytes = 64 * 1024;

interface PackedSamples {
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

/** G.711 and 8-bit PCM: what each of the 256 bytes stands for, from −1 to 1. A look-up is all the decoding there is. */
export const aLawSamples = makeTable(fromALaw);
export const muLawSamples = makeTable(fromMuLaw);
export const unsignedSamples = makeTable((byte) => (byte - 128) * 256);

function makeTable(toSample: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => toSample(byte) / 32_768);
}

/** Every other bit is inverted; then sign, three bits of exponent, four of mantissa, and half a step (G.711, table 1a). */
function fromALaw(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 0x07;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

/** All bits are inverted; the coder added 0x84 before it took the logarithm (G.711, table 2a). */
function fromMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** The bytes are no audio that can be decoded here. What goes wrong with getting the bytes is never this. */
export class UndecodableAudio extends Error {
  override readonly name = 'UndecodableAudio';

  constructor(
    readonly reason: WaveformReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
