import { lengthOf, type AudioContent } from './audio-description.js';

/** What the `fmt ` chunk says, believed or not. */
export interface WaveFormat {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
  readonly blockAlign: number;
  readonly bits: number;
}

/** Codecs with a fixed number of bytes for each sample of a channel, which are decoded here. */
export type WavCodec = 'pcm' | 'float' | 'alaw' | 'ulaw';

const plainCodecs: Readonly<Record<number, WavCodec>> = { 1: 'pcm', 3: 'float', 6: 'alaw', 7: 'ulaw' };

/** Names by format tag (RFC 2361 and its successors); any other is told by its number. */
const codecNames: Readonly<Record<number, string>> = {
  ...plainCodecs,
  ...{ 0x02: 'msadpcm', 0x11: 'imaadpcm', 0x14: 'g723adpcm', 0x22: 'truespeech', 0x31: 'gsm610' },
  ...{ 0x40: 'g721', 0x42: 'g7231', 0x45: 'g726', 0x50: 'mp2', 0x55: 'mp3', 0x57: 'amr', 0x58: 'amrwb' },
  ...{ 0x64: 'g726', 0x65: 'g722', 0x83: 'g729', 0xff: 'aac', 0x161: 'wma', 0x162: 'wmapro' },
  ...{ 0x1600: 'aac', 0x1610: 'aac', 0xa109: 'speex', 0x704f: 'opus', 0xf1ac: 'flac' },
};
/** Their frames have no fixed length: bytes tell nothing, and neither does a mean that the header claims. */
const withoutFixedRate = new Set([
  0x50, 0x55, 0x57, 0x58, 0xff, 0x161, 0x162, 0x1600, 0x1610, 0xa109, 0x704f,
]);
/** The real tag lies in the first two bytes of the sub-format. */
const extensible = 0xfffe;

/** The format of a chunk's bytes; undefined where it is too short, or says nothing that can be true. */
export function readWaveFormat(chunk: Uint8Array, isLittle = true): WaveFormat | undefined {
  if (chunk.length < 16) return undefined;
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const tag = view.getUint16(0, isLittle);
  const format = {
    tag: tag === extensible && chunk.length >= 26 ? view.getUint16(24, isLittle) : tag,
    channels: view.getUint16(2, isLittle),
    sampleRate: view.getUint32(4, isLittle),
    bytesPerSecond: view.getUint32(8, isLittle),
    blockAlign: view.getUint16(12, isLittle),
    bits: view.getUint16(14, isLittle),
  };
  return format.channels > 0 && format.sampleRate > 0 ? format : undefined;
}

export function plainCodecOf({ tag }: WaveFormat): WavCodec | undefined {
  return plainCodecs[tag];
}

/** What the format says, whatever the length is. */
export function toContent({ tag, channels, sampleRate }: WaveFormat): AudioContent {
  const codec = codecNames[tag] ?? `0x${tag.toString(16).padStart(4, '0')}`;
  return { codec, channels, sampleRate };
}

/** Bytes of one sample of every channel; undefined for other codecs, and where nothing in the header agrees. */
export function frameBytesOf(format: WaveFormat): number | undefined {
  const { channels, sampleRate, bytesPerSecond, blockAlign, bits } = format;
  const codec = plainCodecOf(format);
  if (codec === undefined) return undefined;
  // G.711 has eight bits, whatever was written.
  if (codec === 'alaw' || codec === 'ulaw') return channels;
  const byBits = channels * Math.ceil(bits / 8);
  const byRate = bytesPerSecond / sampleRate;
  if (byBits > 0 && (byBits === blockAlign || byBits === byRate)) return byBits;
  return blockAlign > 0 && blockAlign === byRate && blockAlign % channels === 0 ? blockAlign : undefined;
}

/**
 * How long `bytes` of samples last, by the first that can be true: whole samples; the `fact` chunk's count, where it
 * fits the blocks; blocks by the samples in each; bytes by the bytes of a second. Absent where none is.
 */
export function lengthOfSamples(
  format: WaveFormat,
  bytes: number,
  fact: number | undefined,
): Pick<AudioContent, 'seconds'> {
  const { sampleRate, bytesPerSecond, tag } = format;
  if (bytes === 0) return { seconds: 0 };
  const frameBytes = frameBytesOf(format);
  if (frameBytes !== undefined) return lengthOf(bytes / frameBytes / sampleRate);
  if (plainCodecOf(format) !== undefined || withoutFixedRate.has(tag)) return {};
  const block = blockOf(format);
  if (block) {
    const whole = Math.floor(bytes / block.bytes) * block.samples;
    const isSane = fact !== undefined && fact > whole - block.samples && fact <= whole + block.samples;
    return lengthOf((isSane && fact > 0 ? fact : whole) / sampleRate);
  }
  if (bytesPerSecond === 0) return {};
  const seconds = bytes / bytesPerSecond;
  const byCount = (fact ?? 0) / sampleRate;
  return lengthOf(byCount > 0 && Math.abs(byCount - seconds) <= 0.02 * seconds ? byCount : seconds);
}

interface Block {
  readonly bytes: number;
  /** Of each channel. */
  readonly samples: number;
}

/** The block of a codec whose blocks are all alike. By its rules alone: what the header claims of it may be wrong. */
function blockOf({ tag, channels, blockAlign, bits }: WaveFormat): Block | undefined {
  const ofChannel = blockAlign / channels;
  switch (tag) {
    case 0x31:
      return { bytes: 65, samples: 320 };
    case 0x22:
      return { bytes: 32, samples: 240 };
    case 0x83:
      return { bytes: 10 * channels, samples: 80 };
    case 0x11: {
      // Four bytes begin each channel's block and hold its first sample; four bits are a sample.
      const sane = ofChannel > 4 && (bits === 4 || bits === 0);
      return sane ? { bytes: blockAlign, samples: (ofChannel - 4) * 2 + 1 } : undefined;
    }
    case 0x02:
      return ofChannel > 7 ? { bytes: blockAlign, samples: (ofChannel - 7) * 2 + 2 } : undefined;
    case 0x40:
    case 0x45:
    case 0x64:
    case 0x14:
      // Eight samples fill as many bytes as a sample has bits.
      return bits >= 2 && bits <= 5 ? { bytes: bits * channels, samples: 8 } : undefined;
    default:
      return undefined;
  }
}
