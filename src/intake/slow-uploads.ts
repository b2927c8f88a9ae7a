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
