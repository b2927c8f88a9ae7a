import type { Clock } from '../domain/clock.js';

export interface ArrivalLimits {
  readonly totalBytes: number;
  readonly ofSourceBytes: number;
  /** Of the total, for the first bytes of each source alone. */
  readonly reserveBytes: number;
  readonly firstBytes: number;
}

const mib = 1024 * 1024;

/** Two of the largest pushes at the same time, and a reserve for the usual, small ones of everybody else. One source may fill the room of one such push and some more beside it. */
const arrivalLimits: ArrivalLimits = {
  totalBytes: 160 * mib,
  ofSourceBytes: 80 * mib,
  reserveBytes: 32 * mib,
  firstBytes: mib,
};

/**
 * Room for bodies that are arriving. What one source takes, it takes from itself first: beyond its share it is refused while
 * all others are not, and its large bodies never get at the reserve.
 */
export class ArrivalRoom {
  #bytes = 0;
  readonly #ofSource = new Map<string, number>();
  #lastFullAt: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limits: ArrivalLimits = arrivalLimits,
  ) {}

  /** When a push was last refused because the room that all sources share was full. */
  get lastFullAt(): number | undefined {
    return this.#lastFullAt;
  }

  /** Whether there was room; it is taken then. */
  take(source: string, bytes: number): boolean {
    const { totalBytes, ofSourceBytes, reserveBytes, firstBytes } = this.limits;
    const own = (this.#ofSource.get(source) ?? 0) + bytes;
    if (own > ofSourceBytes) return false;
    const shared = own <= firstBytes ? totalBytes : totalBytes - reserveBytes;
    if (this.#bytes + bytes > shared) {
      this.#lastFullAt = this.clock();
      return false;
    }
    this.#bytes += bytes;
    this.#ofSource.set(source, own);
    return true;
  }

  giveBack(source: string, bytes: number): void {
    this.#bytes -= bytes;
    const own = (this.#ofSource.get(source) ?? 0) - bytes;
    if (own > 0) this.#ofSource.set(source, own);
    else this.#ofSource.delete(source);
  }
}
