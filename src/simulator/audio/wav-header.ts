export const sampleRate = 8000;

export interface AudioFormat {
  readonly codec: 'alaw' | 'pcm';
  readonly channels: 1 | 2;
}

export function bytesPerFrame(format: AudioFormat): number {
  return format.channels * (format.codec === 'alaw' ? 1 : 2);
}

/**
 * Everything of a WAV file before its samples: 8 kHz, A-law (format 6, with the `fact` chunk that compressed
 * formats need) or 16-bit PCM (format 1). `frames` are samples per channel; the samples' bytes must be even in
 * number, which whole seconds always are.
 */
export function wavHeader(format: AudioFormat, frames: number): Uint8Array {
  const isALaw = format.codec === 'alaw';
  const frameBytes = bytesPerFrame(format);
  const dataBytes = frames * frameBytes;
  const formatBytes = isALaw ? 18 : 16;
  const header = Buffer.alloc(12 + 8 + formatBytes + (isALaw ? 12 : 0) + 8);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(header.length - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(formatBytes, 16);
  header.writeUInt16LE(isALaw ? 6 : 1, 20);
  header.writeUInt16LE(format.channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(isALaw ? 8 : 16, 34);
  if (isALaw) {
    header.write('fact', 38, 'latin1');
    header.writeUInt32LE(4, 42);
    header.writeUInt32LE(frames, 46);
  }
  header.write('data', header.length - 8, 'latin1');
  header.writeUInt32LE(dataBytes, header.length - 4);
  return header;
}
