/** How much of a spool is drained at once. */
export interface DrainBatch {
  readonly pushes: number;
  readonly bytes: number;
}

const mostPushes = 2_048;
/**
 * A database that takes long for anything (a standby far away, a busy disk) takes hardly less long for a single push:
 * below this, smaller batches would not relieve it, and a spool would be drained by a handful of pushes a second.
 */
const fewestPushes = 256;
const bytesPerPush = 2 * 1024;
/** A batch this long keeps a fresh push waiting for a small part of its time; a slower one is halved, a faster one doubled. */
const aimMs = 40;

/**
 * Batches as large as can be without anybody noticing: how long the database takes for one tells how busy it is, with
 * fresh pushes of all processes among other things. After a failure it begins with one push: where a single push is
 * what fails, its neighbours pass.
 */
export class DrainPace {
  #pushes = 16;

  get batch(): DrainBatch {
    return { pushes: this.#pushes, bytes: this.#pushes * bytesPerPush };
  }

  took(durationMs: number): void {
    if (durationMs < aimMs || this.#pushes < fewestPushes) {
      this.#pushes = Math.min(mostPushes, this.#pushes * 2);
    } else if (durationMs > 2 * aimMs) {
      this.#pushes = Math.max(fewestPushes, this.#pushes >> 1);
    }
  }

  failed(): void {
    this.#pushes = 1;
  }
}
