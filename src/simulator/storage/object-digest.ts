import { createHash } from 'node:crypto';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { Crc64 } from '../../protocol/crc64.js';
import type { RecordingAudio } from '../audio/recording-audio.js';

export interface ObjectDigest {
  /** Decimal CRC-64/XZ. */
  readonly crc64: string;
  readonly md5: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Hashes whole audio; lets others run after every 64 KiB, since the sender's 700 ms tick on the same thread. */
export async function digestAudio(audio: RecordingAudio): Promise<ObjectDigest> {
  const crc64 = new Crc64();
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  for (const chunk of audio.read()) {
    crc64.update(chunk);
    md5.update(chunk);
    sha256.update(chunk);
    await yieldToOthers();
  }
  return { crc64: crc64.digest(), md5: md5.digest(), sha256: sha256.digest('hex') };
}
