export interface WavOptions {
  readonly seconds: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  /** 1 PCM (16 bit), 6 A-law, 7 µ-law. */
  readonly format?: 1 | 6 | 7;
  /** What the header claims the samples take, where it is not the truth. */
  readonly claimedDataBytes?: number;
}

/** A WAV file with a tone that repeats, cheap to make at any length. */
export function makeWav({
  seconds,
  channels = 1,
  sampleRate = 8000,
  format = 6,
  ...rest
}: WavOptions): Buffer {
  const sampleBytes = format === 1 ? 2 : 1;
  const blockAlign = channels * sampleBytes;
  const data = Buffer.alloc(Math.round(seconds * sampleRate) * blockAlign);
  for (let i = 0; i < data.length; i++) data[i] = (i * 31 + (i >> 8)) & 0xff;
  const dataBytes = rest.claimedDataBytes ?? data.length;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(Math.min(36 + dataBytes, 0xffff_ffff), 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(format, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * blockAlign, 28);
  header.writeUInt16LE(blockAlign, 32);
  header.writeUInt16LE(sampleBytes * 8, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return Buffer.concat([header, data]);
}

/** Silence: MPEG-1 layer 3, 128 kbit/s, 44.1 kHz mono, frames of 417 bytes (no padding) and 1152 samples. */
export function makeMp3(seconds: number): Buffer {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0xc4]);
  return Buffer.concat(Array.from({ length: Math.round((seconds * 44_100) / 1152) }, () => frame));
}

/** One silent frame of MPEG-2.5 layer III, 8 kHz, mono, 0.072 s, at 8 to 64 kbit/s for `index` 1 to 8. */
export function mp3Frame(index: number): Buffer {
  const frame = Buffer.alloc(Math.floor((72 * index * 8 * 1000) / 8000));
  frame.set([0xff, 0xe3, index * 16 + 8, 0xc0]);
  return frame;
}

/** Frames whose bit rates follow the indices, over and over. */
export function mp3Frames(count: number, ...indices: readonly number[]): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, at) => mp3Frame(indices[at % indices.length]!)));
}

/** Silent AAC-LC in ADTS, mono, 8 kHz: frames of 1,024 samples. */
export function makeAdts(count: number): Buffer {
  const frame = Buffer.from('fff16c4001bffc00c800802380', 'hex');
  return Buffer.concat(Array.from({ length: count }, () => frame));
}

export interface WaveOptions {
  readonly tag: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bytesPerSecond?: number;
  readonly blockAlign: number;
  readonly bits: number;
  readonly extra?: readonly number[];
  readonly data: Uint8Array;
  /** Chunks before the samples. */
  readonly before?: Uint8Array;
  readonly claimedDataBytes?: number;
  readonly isBig?: boolean;
}

/** A WAV file of any codec, its header as it is asked for; big-endian as RIFX. */
export function makeWave(options: WaveOptions): Buffer {
  const { tag, channels = 1, sampleRate = 8000, blockAlign, bits, extra = [], data, isBig = false } = options;
  const format = Buffer.alloc(18);
  const put = (value: number, at: number, bytes: 2 | 4): void => {
    if (isBig) format.writeUIntBE(value, at, bytes);
    else format.writeUIntLE(value, at, bytes);
  };
  put(tag, 0, 2);
  put(channels, 2, 2);
  put(sampleRate, 4, 4);
  put(options.bytesPerSecond ?? sampleRate * blockAlign, 8, 4);
  put(blockAlign, 12, 2);
  put(bits, 14, 2);
  put(extra.length, 16, 2);
  const body = Buffer.concat([
    Buffer.from('WAVE', 'latin1'),
    makeChunk('fmt ', Buffer.concat([format, Uint8Array.from(extra)]), { isBig }),
    options.before ?? Buffer.alloc(0),
    makeChunk('data', data, { isBig, claimed: options.claimedDataBytes ?? data.length }),
  ]);
  return makeChunk(isBig ? 'RIFX' : 'RIFF', body, { isBig });
}

export function makeChunk(
  id: string,
  content: Uint8Array,
  { isBig = false, claimed = content.length }: { readonly isBig?: boolean; readonly claimed?: number } = {},
): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  if (isBig) head.writeUInt32BE(claimed, 4);
  else head.writeUInt32LE(claimed, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** Bytes that look like no chunk, frame or text, the same each time. */
export function makeNoise(bytes: number, seed = 1): Buffer {
  const noise = Buffer.alloc(bytes);
  for (let i = 0, state = seed; i < bytes; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    noise[i] = 0x80 | (state >>> 24);
  }
  return noise;
}

export function makeId3(bytes = 200): Buffer {
  const head = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1');
  head[8] = bytes >> 7;
  head[9] = bytes & 0x7f;
  return Buffer.concat([head, Buffer.alloc(bytes)]);
}

/** A page of Ogg; `position` is that of its last packet. */
export function makeOggPage(
  serial: number,
  flags: number,
  position: bigint,
  packets: readonly Uint8Array[],
): Buffer {
  const segments = packets.flatMap(({ length }) => [
    ...Array.from({ length: Math.floor(length / 255) }, () => 255),
    length % 255,
  ]);
  const head = Buffer.alloc(27);
  head.write('OggS', 'latin1');
  head[5] = flags;
  head.writeBigUInt64LE(position, 6);
  head.writeUInt32LE(serial, 14);
  head[26] = segments.length;
  return Buffer.concat([head, Uint8Array.from(segments), ...packets]);
}
