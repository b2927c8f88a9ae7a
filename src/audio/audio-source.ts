/** A file as its description reads it: at any place, a piece at a time. */
export interface AudioSource {
  readonly size: number;
  /** The beginning of the file where that is in memory already. */
  readonly head?: Uint8Array;
  /** Up to `length` bytes from `start`; fewer at the end of the file only. */
  readonly readAt: (start: number, length: number) => Promise<Uint8Array>;
}

/** A jump to a header or an index needs a few bytes; a walk through all frames wants many at once. */
const jumpBytes = 16 * 1024;
const walkBytes = 512 * 1024;

/**
 * The bytes of a source through a window that moves: memory does not grow with the file. Reads that follow each other
 * become large, since a storage far away answers each with a request.
 */
export class ByteWindow {
  #start = 0;
  #bytes: Uint8Array;

  constructor(private readonly source: AudioSource) {
    this.#bytes = (source.head ?? new Uint8Array(0)).subarray(0, source.size);
  }

  get size(): number {
    return this.source.size;
  }

  /** Up to `length` bytes from `at`, at most 512 KiB: fewer at the end of the file only. */
  async take(at: number, length: number): Promise<Uint8Array> {
    if (!this.holds(at, length)) await this.load(at, length);
    return this.#bytes.subarray(at - this.#start, at - this.#start + length);
  }

  /** Whether `peek` can answer: for loops that would otherwise wait once for every frame. */
  holds(at: number, length: number): boolean {
    const end = this.#start + this.#bytes.length;
    return at >= this.#start && Math.min(at + length, this.size) <= end;
  }

  /** What is in the window from `at` on; `holds` was asked before. */
  peek(at: number): Uint8Array {
    return this.#bytes.subarray(at - this.#start);
  }

  async load(at: number, length: number): Promise<void> {
    const end = this.#start + this.#bytes.length;
    const follows = at >= this.#start && at <= end + jumpBytes;
    const wanted = Math.max(length, follows ? walkBytes : jumpBytes);
    const there = Math.max(0, Math.min(wanted, this.size - at));
    this.#bytes = there === 0 ? new Uint8Array(0) : await this.source.readAt(at, there);
    this.#start = at;
  }
}
