import type { AudioContent } from './audio-description.js';
import type { ByteWindow } from './audio-source.js';
import { walkFrames, type Stretch } from './frame-walk.js';
import { textOf } from './tags.js';
import {
  lengthOfSamples,
  readWaveFormat,
  toContent,
  type WaveFormat,
  frameBytesOf,
  plainCodecOf,
  type WavCodec,
} from './wave-format.js';

/** How the members of the family write their chunks. */
interface Dialect {
  /** Where the first chunk begins. */
  readonly start: number;
  readonly headBytes: number;
  /** Chunks begin at multiples of this. */
  readonly align: number;
  readonly isLittle: boolean;
  /** Bytes of what a chunk holds. */
  readonly sizeOf: (head: DataView) => number;
}

const riff = (isLittle: boolean): Dialect => ({
  ...{ start: 12, headBytes: 8, align: 2, isLittle },
  sizeOf: (head) => head.getUint32(4, isLittle),
});

/** RIFF, RF64 and BW64; RIFX, the same in big-endian; Wave64, with GUIDs for ids and sizes of 64 bits. */
const dialects = {
  wav: riff(true),
  rifx: riff(false),
  w64: {
    ...{ start: 40, headBytes: 24, align: 8, isLittle: true },
    sizeOf: (head) => Number(head.getBigUint64(16, true)) - 24,
  } satisfies Dialect,
} as const;

/** What a recorder writes that streams, and does not know how long the file will be. */
const unknownSizes = new Set([0, -24, 0xffff_ffff, 0x7fff_ffff]);
/** A hostile file may consist of empty chunks. */
const mostChunks = 10_000;
const maxFormatBytes = 4096;

interface Walked {
  format?: WaveFormat;
  /** What the `fact` chunk counts. */
  fact?: number;
  /** Of the samples, by `ds64`, where the 32 bits of their own chunk are not enough. */
  longSize?: number;
  /** Where the samples lie; empty where a chunk for them holds none. */
  samples?: Stretch;
}

/** Describes WAV and its kin by walking all chunks up to the samples, and looking at what lies behind them. */
export async function readWave(window: ByteWindow, container: keyof typeof dialects): Promise<AudioContent> {
  const { format, fact, samples } = await walkChunks(window, dialects[container]);
  if (!format) return {};
  const content = toContent(format);
  if (!samples) return content;
  const { start, end } = samples;
  if (['mp3', 'mp2', 'aac'].includes(content.codec ?? '') && end > start) {
    return (await walkFrames(window, samples)) ?? content;
  }
  return { ...content, ...lengthOfSamples(format, end - start, fact) };
}

async function walkChunks(window: ByteWindow, dialect: Dialect): Promise<Walked> {
  const { headBytes, align, isLittle } = dialect;
  const walked: Walked = {};
  let at = dialect.start;
  for (let chunks = 0; chunks < mostChunks && at + headBytes <= window.size; chunks++) {
    const head = await window.take(at, headBytes);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const id = textOf(head.subarray(0, 4));
    const size = dialect.sizeOf(view);
    const start = at + headBytes;
    if (id === 'data') {
      const samples = await findSamples(window, start, size, walked, dialect);
      if (samples.end > samples.start) return { ...walked, samples };
      walked.samples = samples;
      if (unknownSizes.has(size)) {
        at = start;
        continue;
      }
    } else if (id === 'fmt ') {
      const format = readWaveFormat(
        await window.take(start, Math.min(Math.max(size, 0), maxFormatBytes)),
        isLittle,
      );
      if (format) walked.format = format;
    } else if (id === 'fact') {
      const bytes = await window.take(start, 4);
      if (bytes.length === 4)
        walked.fact = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, isLittle);
    } else if (id === 'ds64') {
      const bytes = await window.take(start, 16);
      if (bytes.length === 16)
        walked.longSize = Number(new DataView(bytes.buffer, bytes.byteOffset, 16).getBigUint64(8, true));
    }
    // What is no chunk makes no sense from here on: nothing can be said of samples.
    if (size < 0 || start + size > window.size + align) return walked;
    at = start + Math.ceil(size / align) * align;
  }
  // Everything was looked at, and there is no sound: other chunks lie where the samples should be.
  const isWhole = at >= dialect.start && at + headBytes > window.size;
  if (isWhole) walked.samples ??= { start: at, end: at };
  return walked;
}

async function findSamples(
  window: ByteWindow,
  start: number,
  claimed: number,
  { longSize, format }: Walked,
  { isLittle, headBytes }: Dialect,
): Promise<Stretch> {
  const size = claimed === 0xffff_ffff && longSize ? longSize : claimed;
  const rest = window.size - start;
  if (unknownSizes.has(size) || size > rest) {
    const first = await window.take(start, 8);
    return { start, end: isChunkHead(first, rest, isLittle) ? start : window.size };
  }
  const end = start + size;
  // The chunks of Wave64 have heads of another kind, and its sizes are seldom wrong.
  if (headBytes !== 8 || end === window.size) return { start, end };
  const tail = await window.take(end, Math.min(maxPaddingBytes, window.size - end));
  const isSound = isSoundBehind(tail, window.size - end, format?.blockAlign ?? 1, isLittle);
  return { start, end: isSound ? window.size : end };
}

/** Ids of chunks that recorders and editors put behind the samples, or in their place, whatever size they claim. */
const knownIds = new Set([
  ...['LIST', 'list', 'fact', 'data', 'fmt ', 'JUNK', 'junk', 'PAD ', 'FLLR', 'bext', 'cue ', 'plst', 'smpl'],
  ...['inst', 'PEAK', 'peak', 'iXML', 'axml', 'cart', 'DISP', 'ID3 ', 'id3 ', '_PMX', 'LGWV', 'afsp', 'umid'],
]);

/** Zeros behind the samples that fill a file up to a sector, or a recorder's buffer: no silence of the call. */
export const maxPaddingBytes = 64 * 1024;

/** Whether a chunk of RIFF begins here: an id that is known, or one that is readable and whose size fits. */
function isChunkHead(head: Uint8Array, rest: number, isLittle = true): boolean {
  if (head.length < 8) return false;
  const id = String.fromCharCode(...head.subarray(0, 4));
  if (knownIds.has(id) || id.startsWith('TAG') || id.startsWith('ID3')) return true;
  const size = new DataView(head.buffer, head.byteOffset, 8).getUint32(4, isLittle);
  return /^[A-Za-z0-9_]{3}[A-Za-z0-9_ ]$/.test(id) && size <= rest - 7;
}

/**
 * Whether what follows the samples that a header declares is sound all the same: the header was written at the start
 * of a recording and never brought up to date. A chunk is none, nor are a few zeros, nor less than a block.
 * `tail` is the beginning of what follows, up to `maxPaddingBytes`, and `rest` how much follows in all.
 */
export function isSoundBehind(tail: Uint8Array, rest: number, blockBytes: number, isLittle = true): boolean {
  if (rest < Math.max(blockBytes, 8)) return false;
  if (isChunkHead(tail, rest, isLittle)) return false;
  // An odd size is followed by a byte that belongs to nothing.
  if (isChunkHead(tail.subarray(1), rest - 1, isLittle)) return false;
  return rest > maxPaddingBytes || tail.some((byte) => byte !== 0);
}

/** Where the samples of a plain WAV file lie, and how, for a decoder that reads them as they come. */
interface PlainSamples {
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
