/**
 * Lets a consumer prepare its next batch while the last one is being written. One write is under way at a
 * time and they follow each other in order; a failed one is thrown by whatever is asked next, before
 * anything behind it is begun.
 */
export class WriteBehind {
  #underWay: Promise<void> = Promise.resolve();

  /** Begins `write` once the one before has succeeded; resolves when it has begun. */
  async begin(write: () => Promise<void>): Promise<void> {
    await this.settle();
    this.#underWay = write();
    // Whoever comes next hears of a failure; until then it is nobody's unhandled one.
    this.#underWay.catch(() => undefined);
  }

  /** Resolves once nothing is under way; rejects, once, with the failure of what was. */
  async settle(): Promise<void> {
    const last = this.#underWay;
    this.#underWay = Promise.resolve();
    await last;
  }
}
