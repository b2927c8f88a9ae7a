import type { JournalReader } from '../store/journal.js';

/** Writers outside of this thread do not call `notify`: the journal is looked at this often as well. */
const lookEveryMs = 1_000;

/**
 * Wakes readers that wait at the journal's end. One look a second at the journal's last number serves all of them, so
 * that thousands of them cost nothing while nothing comes.
 */
export class EntryNotifier {
  readonly #journal: Pick<JournalReader, 'lastSeq'>;
  readonly #waiting = new Set<() => void>();
  #version = 0;
  /** As last looked at. Kept while no reader waits: otherwise the first look of every wait would wake it. */
  #lastSeq: number | undefined;
  #looking: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(journal: Pick<JournalReader, 'lastSeq'>) {
    this.#journal = journal;
  }

  /** Grows with each notification. Read it before a look at the journal, so that none between look and wait is missed. */
  get version(): number {
    return this.#version;
  }

  /** Readers that wait now. */
  get waiters(): number {
    return this.#waiting.size;
  }

  /** The server stops: every wait ends at once. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** There may be more in the journal. */
  notify(): void {
    this.#version++;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Ends every wait, and those that come. */
  end(): void {
    this.#isEnded = true;
    this.notify();
  }

  /** Resolves at the first notification after `version`, or when `signal` aborts. */
  async wait(version: number, signal: AbortSignal): Promise<void> {
    if (this.#isEnded || version !== this.#version || signal.aborted) return;
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
      // Readers that wait are woken: their own read fails with the cause.
      this.#lastSeq = undefined;
    }
    if (before === undefined || before !== this.#lastSeq) this.notify();
  }

  #stopLooking(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
