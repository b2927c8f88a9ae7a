/** A stretch that was played, as POST /recordings/{id}/heard takes it. Seconds from the start. */
export interface Heard {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** A step that is longer than this between two looks was a jump, whatever caused it. */
const longestStepSeconds = 3;
/** Less than this was not heard but passed over. */
const shortestSeconds = 0.1;

/** Collects what was played since it was last asked. Looks come several times a second while it plays. */
export class HearingLog {
  #done: Heard[] = [];
  #current: { from: number; to: number; rate: number } | undefined;

  /** It plays, and stands at `second`. */
  play(second: number, rate: number): void {
    const current = this.#current;
    const step = current ? second - current.to : 0;
    if (!current || rate !== current.rate || step < 0 || step > longestStepSeconds * rate) {
      this.stop();
      this.#current = { from: second, to: second, rate };
    } else current.to = second;
  }

  /** It stands still, or is about to jump away from `second`. */
  stop(second?: number): void {
    const current = this.#current;
    if (!current) return;
    if (second !== undefined) this.play(second, current.rate);
    const { from, to, rate } = this.#current ?? current;
    if (to - from >= shortestSeconds) this.#done.push({ from: round(from), to: round(to), rate });
    this.#current = undefined;
  }

  /** What was heard since it was last taken; what plays goes on as a new stretch. */
  take(): Heard[] {
    const current = this.#current;
    this.stop();
    if (current) this.#current = { ...current, from: current.to };
    return this.#done.splice(0);
  }
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;
