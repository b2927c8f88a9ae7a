import type { DownloadAttempt } from '../domain/recording.js';
import type { ClaimRequest } from '../store/recordings.js';
import type { ArchiverSettings } from './archiver-settings.js';

/** More hosts than anybody has recordings at; only there so that the memory is bounded. */
const maxHosts = 500;

/**
 * How many slots each host may hold, so that storages that never answer, and hold a slot each time until the timeout,
 * leave slots to the others:
 *
 *   unknown ──(it answers, whatever)──▶ answering: `perHost`, but one slot is left to others
 *   one slot   (an attempt timed out)    │    ▲
 *      │                                 ▼    │
 *      └───────────────────────────────▶ silent: one slot, and all of these together half of the slots, in turns
 */
export class HostShares {
  readonly #answering = new Set<string>();
  /** The one that has waited longest for its turn is the first. */
  readonly #silent = new Set<string>();
  readonly #most: number;
  readonly #mostSilent: number;

  constructor({ concurrency, perHost }: Pick<ArchiverSettings, 'concurrency' | 'perHost'>) {
    this.#most = Math.max(1, Math.min(perHost, concurrency - 1));
    this.#mostSilent = Math.max(1, Math.floor(concurrency / 2));
  }

  ended(host: string, { reason, status }: Pick<DownloadAttempt, 'reason' | 'status'>): void {
    const isSilent = reason === 'timeout';
    // Our own trouble, or a refusal to connect, which holds no slot for long, tells nothing new.
    if (!isSilent && status === undefined) return;
    this.#answering.delete(host);
    this.#silent.delete(host);
    const known = isSilent ? this.#silent : this.#answering;
    known.add(host);
    const [longest] = known;
    if (known.size > maxHosts && longest !== undefined) known.delete(longest);
  }

  forClaim(running: Readonly<Record<string, number>>): Pick<ClaimRequest, 'perHost' | 'running' | 'shares'> {
    const shares = new Map<string, number>();
    for (const host of this.#answering) shares.set(host, this.#most);
    const counts = new Map(Object.entries(running));
    let held = 0;
    for (const host of this.#silent) held += counts.get(host) ?? 0;
    for (const host of [...this.#silent]) {
      const isAsked = !counts.has(host) && held < this.#mostSilent;
      shares.set(host, isAsked ? 1 : 0);
      if (!isAsked) continue;
      held++;
      this.#silent.delete(host);
      this.#silent.add(host);
    }
    return { perHost: 1, running, shares };
  }
}
