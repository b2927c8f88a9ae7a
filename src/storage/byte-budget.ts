/** A bound on bytes in memory that many share. Who asks first is served first. */
export class ByteBudget {
  readonly #maxBytes: number;
  #usedBytes = 0;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Resolves once `bytes` may be taken; more than the bound are given to who is alone. */
  async take(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(bytes)) this.#usedBytes += bytes;
    else await new Promise<void>((go) => this.#waiting.push({ bytes, go }));
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#usedBytes += next.bytes;
      next.go();
    }
  }

  #fits(bytes: number): boolean {
    return this.#usedBytes === 0 || this.#usedBytes + bytes <= this.#maxBytes;
  }
}
