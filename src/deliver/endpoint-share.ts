import type { Clock } from '../domain/clock.js';
import type { Dispatch } from '../store/deliveries.js';
import type { DispatcherSettings } from './worker-deps.js';

export interface EndpointShareParts {
  readonly dispatch: Pick<Dispatch, 'count'>;
  /** How many processes serve endpoints, this one among them. Absent: this one alone. */
  readonly share: (() => Promise<number>) | undefined;
  readonly clock: Clock;
  readonly settings: Pick<DispatcherSettings, 'patienceMs' | 'keepMs'>;
}

/** Endpoints taken, and given back, at once. */
const takenAtOnce = 1_000;
const givenBackAtOnce = 50;

/**
 * How many endpoints this process serves, where others serve some too: an equal share, rounded up, so that all shares
 * together are never less than all endpoints. Who has less takes what is free; who has more, because it came first,
 * gives some back.
 *
 * What is free for longer than `patienceMs` is taken by whoever sees it, share or no share: a process that is counted
 * may be dying, or unable to serve. What was taken so is kept for a while, or it would be given back at once, to nobody.
 */
export class EndpointShare {
  readonly #parts: EndpointShareParts;
  #freeSince: number | undefined;
  #keepsUntil = 0;

  constructor(parts: EndpointShareParts) {
    this.#parts = parts;
  }

  /** How many may be taken and how many should be given back by a process that serves `held` endpoints. */
  async weigh(held: number): Promise<{ take: number; giveBack: number }> {
    const { dispatch, share, clock, settings } = this.#parts;
    const processes = share ? await share() : 1;
    if (processes <= 1) return { take: takenAtOnce, giveBack: 0 };
    const now = clock();
    const { endpoints, free } = await dispatch.count(now);
    const fair = Math.ceil(endpoints / processes);
    if (free === 0) this.#freeSince = undefined;
    else this.#freeSince ??= now;
    if (held < fair) return { take: fair - held, giveBack: 0 };
    if (this.#freeSince !== undefined && now - this.#freeSince >= settings.patienceMs) {
      this.#freeSince = undefined;
      this.#keepsUntil = now + settings.keepMs;
      return { take: takenAtOnce, giveBack: 0 };
    }
    return { take: 0, giveBack: now < this.#keepsUntil ? 0 : Math.min(held - fair, givenBackAtOnce) };
  }
}
