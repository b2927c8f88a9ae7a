/** One frame of a bare stream, by its header. */
export interface Frame {
  readonly codec: 'mp3' | 'mp2' | 'mp1' | 'aac';
  /** With its header; 0 where the header does not say (free format). */
  readonly bytes: number;
  /** Of each channel. */
  readonly samples: number;
  readonly sampleRate: number;
  /** 0: the header does not say (AAC). */
  readonly channels: number;
  /** What no frame of a stream changes: version, layer or profile, and rate. */
  readonly key: number;
}

/** Bytes of a header that have to be seen. */
export const headerBytes = 7;

/** kbit/s by index 1 to 14 (ISO/IEC 11172-3 and 13818-3): [MPEG-1, MPEG-2 and 2.5] of each layer. */
const lowRates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const bitRates: Readonly<Record<number, readonly [readonly number[], readonly number[]]>> = {
  1: [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  ],
  2: [[32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384], lowRates],
  3: [[32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], lowRates],
};
const mpeg1Rates = [44_100, 48_000, 32_000];
/** By the version's bits: 2.5, reserved, 2, 1. */
const rateDivisors = [4, 0, 2, 1];

const aacRates = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350],
];

/**
 * The frame whose header begins at `at`: MPEG audio of any version and layer, or AAC in ADTS (ISO/IEC 13818-7, 14496-3).
 * Undefined where there is none. Eleven set bits are a weak sign, so one header alone proves nothing.
 */
export function readFrame(bytes: Uint8Array, at: number): Frame | undefined {
  if (bytes[at] !== 0xff || at + 4 > bytes.length) return undefined;
  const second = bytes[at + 1]!;
  if ((second & 0xf6) === 0xf0) return readAdts(bytes, at);
  return (second & 0xe0) === 0xe0 ? readMpeg(second, bytes[at + 2]!, bytes[at + 3]!) : undefined;
}

function readMpeg(second: number, third: number, fourth: number): Frame | undefined {
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  const divisor = rateDivisors[version]!;
  const rateIndex = (third >> 2) & 3;
  const bitRateIndex = third >> 4;
  const isReserved = divisor === 0 || layer === 4 || rateIndex === 3 || bitRateIndex === 15;
  if (isReserved || (fourth & 3) === 2) return undefined;
  const isFirst = version === 3;
  const sampleRate = mpeg1Rates[rateIndex]! / divisor;
  const samples = layer === 1 ? 384 : layer === 3 && !isFirst ? 576 : 1152;
  return {
    codec: layer === 3 ? 'mp3' : layer === 2 ? 'mp2' : 'mp1',
    bytes: mpegBytes(bitRates[layer]![isFirst ? 0 : 1][bitRateIndex - 1], samples, sampleRate, third),
    samples,
    sampleRate,
    channels: fourth >> 6 === 3 ? 1 : 2,
    key: ((second | 1) << 8) | (third & 0x0c),
  };
}

/** Layer I counts in slots of four bytes, the others in bytes. Without a bit rate, it is free format. */
function mpegBytes(kilobits: number | undefined, samples: number, sampleRate: number, third: number): number {
  if (kilobits === undefined) return 0;
  const slotBytes = samples === 384 ? 4 : 1;
  const padding = (third >> 1) & 1;
  return (Math.floor((samples * kilobits * 125) / slotBytes / sampleRate) + padding) * slotBytes;
}

function readAdts(bytes: Uint8Array, at: number): Frame | undefined {
  if (at + headerBytes > bytes.length) return undefined;
  const [second, third, fourth] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  const sampleRate = aacRates[(third >> 2) & 15];
  const length = ((fourth & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  if (sampleRate === undefined || length < (second & 1 ? 7 : 9)) return undefined;
  const channelConfiguration = ((third & 1) << 2) | (fourth >> 6);
  return {
    codec: 'aac',
    bytes: length,
    samples: ((bytes[at + 6]! & 3) + 1) * 1024,
    sampleRate,
    channels: channelConfiguration === 7 ? 8 : channelConfiguration,
    key: ((second | 1) << 8) | (third & 0xfc),
  };
}

/** Whether an MPEG frame of layer III holds a table of the stream (Xing, Info, VBRI) instead of sound. */
export function isTable(bytes: Uint8Array, at: number, frame: Frame): boolean {
  if (frame.codec !== 'mp3') return false;
  const isFirst = frame.samples === 1152;
  const sideBytes = frame.channels === 1 ? (isFirst ? 17 : 9) : isFirst ? 32 : 17;
  const word = (offset: number): string =>
    String.fromCharCode(...bytes.subarray(at + offset, at + offset + 4));
  return ['Xing', 'Info'].includes(word(4 + sideBytes)) || word(36) === 'VBRI';
}
