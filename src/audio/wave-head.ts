import { frameBytesOf, plainCodecOf, readWaveFormat, type WavCodec, type WaveFormat } from './wave-format.js';
import { isChunkHead } from './wave-tail.js';

/** Where the samples of a plain WAV file lie, and how, for a decoder that reads them as they come. */
export interface PlainSamples {
  readonly codec: WavCodec;
  readonly channels: number;
  readonly sampleRate: number;
  /** Of one sample of one channel. */
  readonly sampleBytes: number;
  /** Offset of the first sample in the file. */
  readonly dataStart: number;
  /** What the header claims that all samples take; Infinity where it says nothing that can be true. */
  readonly dataBytes: number;
}

/**
 * Finds the samples by the beginning of a WAV file; undefined for compressed samples, and while the head does not
 * reach them. `size` is that of the file, Infinity while nobody knows.
 */
export function findPlainSamples(head: Uint8Array, size: number): PlainSamples | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let format: WaveFormat | undefined;
  // RIFF, its size (not needed, and wrong where the file was streamed), WAVE; then chunks.
  for (let at = 12; at + 8 <= head.length;) {
    const id = view.getUint32(at, false);
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (id === 0x666d7420 /* fmt␠ */) {
      format =
        start + length > head.length ? undefined : readWaveFormat(head.subarray(start, start + length));
      if (!format) return undefined;
    } else if (id === 0x64617461 /* data */) {
      return format && toPlainSamples(format, head.subarray(start), length, start, size);
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

function toPlainSamples(
  format: WaveFormat,
  first: Uint8Array,
  length: number,
  dataStart: number,
  size: number,
): PlainSamples | undefined {
  const codec = plainCodecOf(format);
  const frameBytes = frameBytesOf(format);
  if (codec === undefined || frameBytes === undefined) return undefined;
  const { channels, sampleRate } = format;
  const rest = size - dataStart;
  const isUnknown = length === 0 || length >= 0x7fff_ffff || length > rest;
  const isEmpty = isUnknown && isChunkHead(first, rest);
  const dataBytes = isEmpty ? 0 : isUnknown ? Infinity : length;
  return { codec, channels, sampleRate, sampleBytes: frameBytes / channels, dataStart, dataBytes };
}
