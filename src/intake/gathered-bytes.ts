/** Smaller pieces are copied together. Each piece that is kept costs some hundred bytes beside its own, and a sender may make them of one byte. */
const smallBytes = 4 * 1024;
const togetherBytes = 16 * 1024;

/** A body that comes in pieces: what it takes is little more than what has come, however small the pieces are. */
export class GatheredBytes {
  #pieces: Buffer[] = [];
  #together: Buffer | undefined;
  #filled = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    const isFirst = this.#length === 0;
    this.#length += piece.length;
    // The first is often all there is.
    if (isFirst || piece.length >= smallBytes) {
      this.#closeTogether();
      this.#pieces.push(piece);
      return;
    }
    if (this.#filled + piece.length > togetherBytes) this.#closeTogether();
    this.#together ??= Buffer.allocUnsafeSlow(togetherBytes);
    this.#filled += piece.copy(this.#together, this.#filled);
  }

  /** All of it. It can be added to no more. */
  whole(): Buffer {
    this.#closeTogether();
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces);
  }

  /** Forgets all of it: a request that was refused may stay open. */
  clear(): void {
    this.#pieces = [];
    this.#together = undefined;
    this.#filled = 0;
    this.#length = 0;
  }

  #closeTogether(): void {
    if (!this.#together) return;
    this.#pieces.push(this.#together.subarray(0, this.#filled));
    this.#together = undefined;
    this.#filled = 0;
  }
}
