type Bytes = AsyncIterable<Uint8Array>;

/**
 * Opens bytes and hands them on, and remembers how that failed, so that it is never mistaken for what a decoder has
 * to say of them: decoders differ in what they make of bytes that break off.
 */
export class WatchedBytes {
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly source: () => Promise<Bytes>,
    private readonly signal: AbortSignal,
  ) {}

  /** From the start, each time. They break off when the signal aborts. */
  async open(): Promise<Bytes> {
    try {
      this.signal.throwIfAborted();
      return this.#read(await this.source());
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** @throws what the bytes failed with, if they did. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async *#read(bytes: Bytes): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes) {
        this.signal.throwIfAborted();
        yield chunk;
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
