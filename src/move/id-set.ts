const idsPerPiece = 65_536;

/** Numbers from 0 on, a bit for each: of millions of recordings it is to be known which are done. */
export class IdSet {
  readonly #pieces = new Map<number, Uint8Array>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: number): boolean {
    const piece = this.#pieces.get(Math.floor(id / idsPerPiece));
    return piece !== undefined && ((piece[(id % idsPerPiece) >> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }

  add(id: number): void {
    if (this.has(id)) return;
    const number = Math.floor(id / idsPerPiece);
    const piece = this.#pieces.get(number) ?? new Uint8Array(idsPerPiece / 8);
    this.#pieces.set(number, piece);
    const byte = (id % idsPerPiece) >> 3;
    piece[byte] = (piece[byte] ?? 0) | (1 << (id & 7));
    this.#size++;
  }

  delete(id: number): void {
    const piece = this.#pieces.get(Math.floor(id / idsPerPiece));
    if (!piece || !this.has(id)) return;
    const byte = (id % idsPerPiece) >> 3;
    piece[byte] = (piece[byte] ?? 0) & ~(1 << (id & 7));
    this.#size--;
  }
}
