import { setTimeout as pause } from 'node:timers/promises';
import { wakeUps, type WakeUp, type WakeUps } from '../shared-roles.js';
import type { Database } from './database.js';

/** Whoever has something for others says so here, inside the transaction that it belongs to: `pg_notify('earshot', …)`. */
const channel = 'earshot';
/** A server that was lost is asked for so often. Polling goes on meanwhile, and finds it no sooner. */
const againAfterMs = 1_000;

/** One connection listens for all who ask, as long as there is one; where it breaks, it is made anew. */
export class WakeUpListener implements WakeUps {
  readonly #listeners = new Set<(wakeUp: WakeUp) => void>();
  #stop: AbortController | undefined;

  constructor(private readonly database: Database) {}

  listen(onWakeUp: (wakeUp: WakeUp) => void): () => void {
    const listener = (wakeUp: WakeUp): void => {
      onWakeUp(wakeUp);
    };
    this.#listeners.add(listener);
    if (!this.#stop) {
      this.#stop = new AbortController();
      void this.#run(this.#stop.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#listeners.clear();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.database.listen(channel, { onMessage: this.#wake, onListening: this.#wakeAll, signal });
      } catch {
        // Whoever needs the database hears from it why it is gone.
      }
      await pause(againAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }

  readonly #wake = (message: string): void => {
    const wakeUp = wakeUps.find((known) => known === message);
    if (wakeUp) for (const listener of this.#listeners) listener(wakeUp);
  };

  /** What was said while nobody listened is lost: there may be more of anything. */
  readonly #wakeAll = (): void => {
    for (const wakeUp of wakeUps) this.#wake(wakeUp);
  };
}
