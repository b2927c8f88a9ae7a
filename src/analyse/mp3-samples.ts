import { MPEGDecoder } from 'mpg123-decoder';
import type { SampleBlock } from './sample-block.js';

/** A few seconds of a common bit rate, and not more than a minute of any: the decoder gives all of it at once. */
const bytesAtOnce = 16 * 1024;

/**
 * Decodes MPEG audio of all three layers; frames that are damaged are left out. The decoder gives two channels of
 * everything: of one that is recorded, both are the same, and one is given on. Its complaints go to the console, which
 * is for the thread to direct.
 */
export async function* decodeMp3(
  file: AsyncIterable<Uint8Array>,
  channelCount = 2,
): AsyncGenerator<SampleBlock> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  let sampleRate: number | undefined;
  try {
    for await (const chunk of file) {
      for (let at = 0; at < chunk.length; at += bytesAtOnce) {
        const decoded = decoder.decode(chunk.subarray(at, at + bytesAtOnce));
        if (decoded.samplesDecoded === 0) continue;
        // What is damaged may look like a frame of another rate: a moment that is stretched, and not the end of it.
        sampleRate ??= decoded.sampleRate;
        yield { sampleRate, channels: decoded.channelData.slice(0, channelCount) };
      }
    }
  } finally {
    decoder.free();
  }
}
