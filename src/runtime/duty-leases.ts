import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { toLeaseTimes } from '../domain/lease.js';
import type { Duties, DutyName } from '../store/shared-roles.js';

/** How soon a free duty is taken. */
const lookMs = 1_000;
/** A process that has taken one leaves the next to others for this long: processes that start together share them. */
const leaveMs = 250;
/** We stop this share of a lease before others may begin: what is under way needs a moment to end. */
const marginShare = 0.1;

interface Term {
  readonly number: number;
  /** On the stopwatch. */
  readonly until: number;
}

export interface DutyLeasesParts {
  readonly duties: Duties;
  /** Those that are to be held. */
  readonly names: readonly DutyName[];
  /** Instance of this process. */
  readonly holder: string;
  /** The one clock of all processes. */
  readonly clock: Clock;
  /** Of durations; it goes on while the process is paused. */
  readonly stopwatch: Clock;
  /** Of leases: a dead process's duties are free again after one. */
  readonly leaseMs: number;
  readonly log: Logger;
}

/**
 * Holds duties for this process, each under a lease that it renews. A duty is ours only until the lease's end as our
 * own stopwatch tells it, counted from before the database was asked: a process that was paused past its lease, or cut
 * off, notices before its next batch, not after it. What a batch still writes then is harmless, because identities
 * and cursors are the store's.
 *
 *   free ──taken──▶ ours ──renewed──▶ ours ──run out, or another's──▶ free
 *                    └──────────── stop: released ──────────────────▶ free at once
 */
export class DutyLeases {
  readonly #parts: DutyLeasesParts;
  readonly #terms = new Map<DutyName, Term>();
  #begun = 0;
  #renewedAt = -Infinity;

  constructor(parts: DutyLeasesParts) {
    this.#parts = parts;
  }

  /** The number of our term, another one after each loss; undefined while the duty is not ours. */
  term(name: DutyName): number | undefined {
    const term = this.#terms.get(name);
    return term && this.#parts.stopwatch() < term.until ? term.number : undefined;
  }

  /** Keeps them until `signal` aborts; `release` is for when their work has ended, too. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let waitMs = lookMs;
      try {
        waitMs = await this.step();
      } catch (error) {
        this.#parts.log.warn({ err: error }, 'duties could not be held');
      }
      await wait(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Renews what is ours, and takes one duty that is free. Returns how long to wait before the next step. */
  async step(): Promise<number> {
    const { names, stopwatch, leaseMs } = this.#parts;
    const ours = names.filter((name) => this.term(name) !== undefined);
    if (stopwatch() - this.#renewedAt >= toLeaseTimes(leaseMs).renewMs) {
      this.#renewedAt = stopwatch();
      for (const name of ours) await this.#hold(name);
    }
    for (const name of names.filter((other) => !ours.includes(other)))
      if (await this.#hold(name)) return leaveMs;
    return lookMs;
  }

  /** Frees them at once. */
  async release(): Promise<void> {
    this.#terms.clear();
    try {
      await this.#parts.duties.release(this.#parts.holder, this.#parts.names);
    } catch (error) {
      this.#parts.log.warn(
        { err: error },
        'duties could not be given back; they are free when the lease ends',
      );
    }
  }

  async #hold(name: DutyName): Promise<boolean> {
    const { duties, holder, clock, stopwatch, leaseMs, log } = this.#parts;
    const askedAt = stopwatch();
    const number = this.term(name);
    const now = clock();
    const isOurs = await duties.hold(name, holder, now, now + leaseMs);
    if (isOurs) {
      const until = askedAt + (1 - marginShare) * leaseMs;
      this.#terms.set(name, { number: number ?? ++this.#begun, until });
      if (number === undefined) log.info({ duty: name }, 'duty taken');
      return true;
    }
    if (this.#terms.delete(name)) log.warn({ duty: name }, 'duty lost to another process');
    return false;
  }
}

/** One batch of a consumer; true where there may be more at once. */
export type Step = () => Promise<boolean>;

interface DutyThread {
  readonly store: { readonly shared?: { readonly duties: Duties } };
  readonly data: { readonly instance: string; readonly leaseMs: number };
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps these duties for a thread; undefined where no other process works on the store. */
export function createDutyLeases(
  { store, data, clock, log }: DutyThread,
  names: readonly DutyName[],
): DutyLeases | undefined {
  if (!store.shared) return undefined;
  const { duties } = store.shared;
  const stopwatch = (): number => performance.now();
  return new DutyLeases({
    duties,
    names,
    holder: data.instance,
    clock,
    stopwatch,
    leaseMs: data.leaseMs,
    log,
  });
}

/** Does nothing while the duty is another's. Each term begins anew: what was known of a cursor is old by then. */
export function underDuty(leases: DutyLeases | undefined, name: DutyName, begin: () => Step): Step {
  if (!leases) return begin();
  let term: number | undefined;
  let step: Step | undefined;
  return async () => {
    const current = leases.term(name);
    if (current !== term) {
      term = current;
      step = current === undefined ? undefined : begin();
    }
    return (await step?.()) ?? false;
  };
}
