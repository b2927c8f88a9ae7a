import { decodeWords, wordsOf } from '../protocol/answer-words.js';
import { describePage, sniffAudio, sniffBytes } from './sniff-audio.js';

/** Enough for nearly every header, in one or two reads of a socket: what lies further in is read from the draft. */
const headBytes = 64 * 1024;

/** The beginning of a download, kept in memory to be described by. */
export class HeadCollector {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #judged = false;

  add(chunk: Uint8Array): void {
    if (this.#bytes >= headBytes) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /**
   * True, once, when the beginning is there and is a page instead of audio: an error document need not be read to
   * its end. What is neither is judged when it is whole.
   */
  isPage(): boolean {
    if (this.#judged || this.#bytes < sniffBytes) return false;
    this.#judged = true;
    const head = this.bytes();
    return sniffAudio(head) === undefined && describePage(head) !== undefined;
  }

  /** What the beginning says of itself where it is no audio. */
  describe(): string | undefined {
    if (this.#bytes === 0) return 'an empty body';
    return wordsOf(decodeWords(this.bytes())) ?? describePage(this.bytes());
  }

  bytes(): Uint8Array {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}
