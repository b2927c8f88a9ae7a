/** What the header of a WAV file tells. */
export interface WavFormat {
  readonly codec: WavCodec;
  readonly channels: number;
  readonly sampleRate: number;
  readonly seconds?: number;
}

/** Where the samples lie, and how. */
export interface WavLayout {
  /** Of one sample of one channel. */
  readonly sampleBytes: number;
  /** Offset of the first sample in the file. */
  readonly dataStart: number;
  /** What all samples take; Infinity where neither header nor file size tell. */
  readonly dataBytes: number;
}

export type WavCodec = 'pcm' | 'float' | 'alaw' | 'ulaw';

/** Format tags (RFC 2361) with a fixed number of bytes per sample, so that bytes tell time. */
const codecs: Readonly<Record<number, WavCodec>> = { 1: 'pcm', 3: 'float', 6: 'alaw', 7: 'ulaw' };
/** The real tag lies in the first two bytes of the sub-format. */
const extensible = 0xfffe;
/** What a recorder writes that streams, and does not know how long the file will be. */
const unknownLengths = [0, 0xffff_ffff];

interface SampleFormat {
  readonly codec: WavCodec;
  readonly channels: number;
  readonly sampleRate: number;
  readonly sampleBytes: number;
}

/**
 * Reads the plain WAV files that nearly all recordings are; undefined for anything else (compressed samples, chunks
 * that the head does not hold, a header that contradicts itself), which the general parser then looks at. Two reasons
 * for one of our own: it takes a few µs where the parser takes 150 to 300, a tenth of what a small recording costs
 * in all; and it knows the headers of recorders that stream, which cannot say how long the file will be (data size 0
 * or all ones): there the file's own size tells.
 */
export function readWavHeader(head: Uint8Array, size: number): WavFormat | undefined {
  const found = findSamples(head, size);
  if (!found) return undefined;
  const { codec, channels, sampleRate, sampleBytes, dataBytes } = found;
  const seconds = Math.round((dataBytes / (sampleBytes * channels) / sampleRate) * 1000) / 1000;
  return seconds > 0 ? { codec, channels, sampleRate, seconds } : { codec, channels, sampleRate };
}

/** The same for whoever reads the samples. `size` is that of the file, Infinity while nobody knows. */
export function findSamples(head: Uint8Array, size: number): (SampleFormat & WavLayout) | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let format: SampleFormat | undefined;
  // RIFF, its size (not needed, and wrong where the file was streamed), WAVE; then chunks.
  for (let at = 12; at + 8 <= head.length;) {
    const id = view.getUint32(at, false);
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (id === 0x666d7420 /* fmt␠ */) {
      format = readFormat(view, start, length);
      if (!format) return undefined;
    } else if (id === 0x64617461 /* data */) {
      if (!format) return undefined;
      const there = size - start;
      const dataBytes = unknownLengths.includes(length) || length > there ? there : length;
      return { ...format, dataStart: start, dataBytes };
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

function readFormat(view: DataView, start: number, length: number): SampleFormat | undefined {
  if (length < 16 || start + length > view.byteLength) return undefined;
  const tag = view.getUint16(start, true);
  const codec = codecs[tag === extensible && length >= 26 ? view.getUint16(start + 24, true) : tag];
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const blockAlign = view.getUint16(start + 12, true);
  const sampleBytes = Math.ceil(view.getUint16(start + 14, true) / 8);
  const isSound = channels > 0 && sampleRate > 0 && blockAlign === channels * sampleBytes && blockAlign > 0;
  return codec !== undefined && isSound ? { codec, channels, sampleRate, sampleBytes } : undefined;
}
