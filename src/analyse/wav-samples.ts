import { findPlainSamples, isSoundBehind, maxPaddingBytes } from '../audio/wave.js';
import { maxChannels, type SampleBlock, SampleReader, UndecodableAudio } from './sample-reader.js';

/** Some recorders put a page of their own before the samples; one that has more than this before them is none. */
const maxHeadBytes = 1024 * 1024;

/**
 * Decodes a WAV file of plain samples: PCM, float, A-law, µ-law. One that ends before its header says so is decoded as
 * far as it goes, and one that goes on as sound is decoded to its end, as it is described (audio/wave.ts). `size` is
 * that of the whole file, where it is known.
 * @throws UndecodableAudio `unsupported` where it is no such file.
 */
export async function* decodeWav(
  file: AsyncIterable<Uint8Array>,
  size = Infinity,
): AsyncGenerator<SampleBlock> {
  let head = new Uint8Array(0);
  let decoding: { readonly reader: SampleReader; readonly cut: SampleCut } | undefined;
  for await (const chunk of file) {
    let bytes = chunk;
    if (!decoding) {
      head = Buffer.concat([head, chunk]);
      const found = findPlainSamples(head, size);
      if (!found && head.length < maxHeadBytes) continue;
      const reader = found && found.channels <= maxChannels ? SampleReader.of(found) : undefined;
      if (!found || !reader) throw unsupported();
      const behind = size - found.dataStart - found.dataBytes;
      decoding = { reader, cut: new SampleCut(found.dataBytes, behind, found.sampleBytes * found.channels) };
      bytes = head.subarray(found.dataStart);
    }
    for (const samples of decoding.cut.take(bytes)) yield* decoding.reader.read(samples);
    if (decoding.cut.isOver) return;
  }
  if (!decoding) throw unsupported();
  yield* decoding.reader.read(decoding.cut.end());
}

/** Tells the samples of a file from what lies behind them, whatever its header claims. */
class SampleCut {
  #tail: Uint8Array = new Uint8Array(0);
  isOver = false;

  /** `left`: bytes that the header claims. `behind`: those that follow; `frameBytes`: of one sample of each channel. */
  constructor(
    private left: number,
    private readonly behind: number,
    private readonly frameBytes: number,
  ) {}

  *take(bytes: Uint8Array): Generator<Uint8Array> {
    const claimed = bytes.subarray(0, Math.min(this.left, bytes.length));
    this.left -= claimed.length;
    yield claimed;
    if (this.left > 0) return;
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(claimed.length)]);
    const enough = Math.min(this.behind, maxPaddingBytes);
    if (this.#tail.length < enough) return;
    if (this.#isSound(this.behind)) {
      this.left = Infinity;
      yield this.#tail;
    } else this.isOver = true;
    this.#tail = new Uint8Array(0);
  }

  /** What was held back when the file ended: it is shorter than its size promised, or its size was not known. */
  end(): Uint8Array {
    return this.#isSound(this.#tail.length) ? this.#tail : new Uint8Array(0);
  }

  #isSound(rest: number): boolean {
    return isSoundBehind(this.#tail, rest, this.frameBytes);
  }
}

function unsupported(): UndecodableAudio {
  return new UndecodableAudio('unsupported', 'The samples of this WAV file are none that can be read here.');
}
