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

/** How often uploads are looked at: one that stops is ended after one to two of these. */
const lookEveryMs = 10_000;
/** 16 KiB a second, far below any line that pushes of a size come over; a small push is there long before it is looked at. */
const leastBytes = 160 * 1024;

export interface Upload {
  /** What has come of it so far. */
  readonly bytes: () => number;
  readonly onTooSlow: () => void;
}

/** Ends uploads that hardly move: each holds room that others could have. */
export class SlowUploads {
  /** Bytes at the last look; undefined for those that have not been looked at. */
  readonly #uploads = new Map<Upload, number | undefined>();
  #look: NodeJS.Timeout | undefined;

  watch(upload: Upload): void {
    this.#uploads.set(upload, undefined);
    this.#look ??= setInterval(() => {
      this.#lookAtAll();
    }, lookEveryMs).unref();
  }

  forget(upload: Upload): void {
    this.#uploads.delete(upload);
  }

  #lookAtAll(): void {
    for (const [upload, before] of this.#uploads) {
      const now = upload.bytes();
      if (before !== undefined && now - before < leastBytes) upload.onTooSlow();
      else this.#uploads.set(upload, now);
    }
    // Not after each upload: most are over within one turn of the event loop.
    if (this.#uploads.size > 0) return;
    clearInterval(this.#look);
    this.#look = undefined;
  }
}
