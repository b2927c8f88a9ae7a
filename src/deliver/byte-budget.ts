/** Bytes of pushes under way, of all endpoints together and of each: what keeps memory flat while receivers are slow. */
export class ByteBudget {
  #inAll = 0;

  constructor(
    private readonly maxInAll: number,
    private readonly maxEach: number,
  ) {}

  /** Whether one more push may begin, for an endpoint that has `own` bytes under way. One may always. */
  hasRoom(own: number): boolean {
    return this.#inAll === 0 || own === 0 || (this.#inAll < this.maxInAll && own < this.maxEach);
  }

  take(bytes: number): void {
    this.#inAll += bytes;
  }

  give(bytes: number): void {
    this.#inAll -= bytes;
  }
}
