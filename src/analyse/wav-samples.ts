import { findSamples } from '../domain/wav-header.js';
import { maxChannels, type SampleBlock } from './sample-block.js';
import { SampleReader } from './sample-reader.js';
import { UndecodableAudio } from './undecodable-audio.js';

/** Some recorders put a page of their own before the samples; one that has more than this before them is none. */
const maxHeadBytes = 1024 * 1024;

/**
 * Decodes a WAV file of plain samples: PCM, float, A-law, µ-law. One that ends before its header says so is decoded as
 * far as it goes. `size` is that of the whole file, where it is known.
 * @throws UndecodableAudio `unsupported` where it is no such file.
 */
export async function* decodeWav(
  file: AsyncIterable<Uint8Array>,
  size = Infinity,
): AsyncGenerator<SampleBlock> {
  let head = new Uint8Array(0);
  let samples: { readonly reader: SampleReader; left: number } | undefined;
  for await (const chunk of file) {
    let bytes = chunk;
    if (!samples) {
      head = Buffer.concat([head, chunk]);
      const found = findSamples(head, size);
      if (!found && head.length < maxHeadBytes) continue;
      const reader = found && found.channels <= maxChannels ? SampleReader.of(found) : undefined;
      if (!found || !reader) throw unsupported();
      samples = { reader, left: found.dataBytes };
      bytes = head.subarray(found.dataStart);
    }
    const data = bytes.subarray(0, Math.min(samples.left, bytes.length));
    samples.left -= data.length;
    yield* samples.reader.read(data);
    if (samples.left === 0) return;
  }
  if (!samples) throw unsupported();
}

function unsupported(): UndecodableAudio {
  return new UndecodableAudio('unsupported', 'The samples of this WAV file are none that can be read here.');
}
