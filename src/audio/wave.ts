import type { AudioContent } from './audio-description.js';
import type { ByteWindow } from './audio-source.js';
import { walkFrames, type Stretch } from './frame-walk.js';
import { textOf } from './tags.js';
import { lengthOfSamples, readWaveFormat, toContent, type WaveFormat } from './wave-format.js';
import { isChunkHead, isSoundBehind, maxPaddingBytes } from './wave-tail.js';

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
