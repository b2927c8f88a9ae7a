/**
 * Finds where a chunked body ends (RFC 9112, section 7.1), so that what follows it can be told from it. Whether it is well
 * formed is for the parser to judge, which reads the same bytes.
 */
export class ChunkedBody {
  #part: 'size' | 'extension' | 'data' | 'data-end' | 'trailer' = 'size';
  #left = 0;
  #lineBytes = 0;
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  /** How many of the next bytes belong to the body. */
  take(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && !this.#isOver) {
      if (this.#part === 'data') {
        const taken = Math.min(this.#left, bytes.length - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.#part = 'data-end';
      } else {
        this.#read(bytes[at++] ?? 0);
      }
    }
    return at;
  }

  #read(byte: number): void {
    const isLineEnd = byte === 0x0a;
    switch (this.#part) {
      case 'size': {
        const digit = Number.parseInt(String.fromCharCode(byte), 16);
        if (isLineEnd) this.#beginChunk();
        else if (Number.isNaN(digit)) this.#part = 'extension';
        else this.#left = this.#left * 16 + digit;
        return;
      }
      case 'extension':
        if (isLineEnd) this.#beginChunk();
        return;
      case 'data-end':
        if (isLineEnd) this.#part = 'size';
        return;
      case 'trailer':
        if (byte === 0x0d) return;
        if (!isLineEnd) this.#lineBytes++;
        else if (this.#lineBytes === 0) this.#isOver = true;
        else this.#lineBytes = 0;
        return;
      case 'data':
    }
  }

  #beginChunk(): void {
    this.#part = this.#left === 0 ? 'trailer' : 'data';
  }
}
