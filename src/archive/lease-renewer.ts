import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { ClaimedDownload, Downloads } from '../store/recordings.js';
import type { ArchiverSettings } from './archiver-settings.js';

/** A claimed download while it is in our hands. */
export interface Run {
  readonly claimed: ClaimedDownload;
  readonly signal: AbortSignal;
  /** An earlier run of the same recording that has not come to its end yet. */
  readonly previous: Run | undefined;
  /** Until when the lease is ours for sure. */
  until: number;
  ended: 'stopped' | 'lease-lost' | undefined;
  /** Resolves when the run is over, however. */
  done: Promise<void>;
  end(reason: 'stopped' | 'lease-lost'): void;
}

/** Knows what runs, and keeps its leases alive: renews them together, and ends a run whose lease is gone. */
export class LeaseRenewer {
  readonly #downloads: Downloads;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #settings: Pick<ArchiverSettings, 'leaseMs' | 'renewMs'>;
  readonly #runs = new Set<Run>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    downloads: Downloads,
    clock: Clock,
    log: Logger,
    settings: Pick<ArchiverSettings, 'leaseMs' | 'renewMs'>,
  ) {
    this.#downloads = downloads;
    this.#clock = clock;
    this.#log = log;
    this.#settings = settings;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#renewAll(), this.#settings.renewMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  add(claimed: ClaimedDownload): Run {
    const controller = new AbortController();
    const previous = this.runs().find((run) => run.claimed.id === claimed.id);
    previous?.end('lease-lost');
    const run: Run = {
      claimed,
      signal: controller.signal,
      previous,
      until: claimed.until,
      ended: undefined,
      done: Promise.resolve(),
      end: (reason) => {
        run.ended ??= reason;
        controller.abort();
      },
    };
    this.#runs.add(run);
    return run;
  }

  remove(run: Run): void {
    this.#runs.delete(run);
  }

  runs(): Run[] {
    return [...this.#runs];
  }

  byHost(): Record<string, number> {
    const counts = new Map<string, number>();
    for (const { claimed } of this.#runs) counts.set(claimed.host, (counts.get(claimed.host) ?? 0) + 1);
    return Object.fromEntries(counts);
  }

  endAll(): void {
    for (const run of this.#runs) run.end('stopped');
  }

  async #renewAll(): Promise<void> {
    const runs = this.runs();
    if (runs.length === 0) return;
    const until = this.#clock() + this.#settings.leaseMs;
    try {
      const leases = runs.map(({ claimed }) => ({ id: claimed.id, generation: claimed.generation }));
      const ours = new Set(await this.#downloads.renew(leases, until));
      for (const run of runs) {
        if (ours.has(run.claimed.id)) run.until = until;
        else if (this.#runs.has(run)) run.end('lease-lost');
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'leases could not be renewed');
      for (const run of runs) if (this.#clock() >= run.until) run.end('lease-lost');
    }
  }
}
