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
