import type { JournalReader } from '../store/journal.js';

/** Behind the rings of those in this process who write: other processes, and threads of ours, write without one. */
const lookEveryMs = 1_000;

/**
 * Tells readers who wait at the journal's end that there is more. Whoever writes rings; behind that one look a
 * second at the journal's last number serves everybody who waits, so that thousands of them cost nothing while
 * nothing comes.
 */
export class EntryBell {
  readonly #journal: Pick<JournalReader, 'lastSeq'>;
  readonly #waiting = new Set<() => void>();
  #rings = 0;
  /** As last looked at. Kept while nobody waits: forgetting it would make the first look of every wait a ring. */
  #lastSeq: number | undefined;
  #looking: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(journal: Pick<JournalReader, 'lastSeq'>) {
    this.#journal = journal;
  }

  /** Rings so far. Taken before a look at the journal, so that no ring between look and wait is missed. */
  get rings(): number {
    return this.#rings;
  }

  /** How many wait now. */
  get waiters(): number {
    return this.#waiting.size;
  }

  /** Whether the server stops: nobody waits any more. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** There may be more in the journal. */
  ring(): void {
    this.#rings++;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Ends every wait, and those that come. */
  end(): void {
    this.#isEnded = true;
    this.ring();
  }

  /** Resolves at the first ring after `rings`, or when `signal` aborts. */
  async wait(rings: number, signal: AbortSignal): Promise<void> {
    if (this.#isEnded || rings !== this.#rings || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        if (this.#waiting.size === 0) this.#stopLooking();
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
      this.#looking ??= setInterval(() => void this.#look(), lookEveryMs);
    });
  }

  async #look(): Promise<void> {
    const before = this.#lastSeq;
    try {
      this.#lastSeq = await this.#journal.lastSeq();
    } catch {
      // Those who wait shall read, and hear of it themselves.
      this.#lastSeq = undefined;
    }
    if (before === undefined || before !== this.#lastSeq) this.ring();
  }

  #stopLooking(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
