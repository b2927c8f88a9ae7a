import type { Clock } from '../domain/clock.js';

/** More than happen within one window; only there so that the memory is bounded. */
const maxKept = 20_000;

/** What was told of within the last while, so that the many requests of one listen are told of once. */
export class RecentActs {
  readonly #toldAt = new Map<string, number>();

  constructor(
    private readonly windowMs: number,
    private readonly clock: Clock,
  ) {}

  /** Whether it was told of within the window, by this process. */
  has(act: string): boolean {
    const at = this.#toldAt.get(act);
    if (at === undefined) return false;
    const ago = this.clock() - at;
    // A clock that was set back does not keep acts out of the audit log until it has caught up.
    return ago >= 0 && ago < this.windowMs;
  }

  add(act: string): void {
    if (this.#toldAt.size >= maxKept) this.#toldAt.clear();
    this.#toldAt.set(act, this.clock());
  }
}
