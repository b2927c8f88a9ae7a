import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { StoreError } from '../store/store-error.js';

export interface StoreState {
  readonly state: 'reachable' | 'unreachable';
  /** Instant of the last change, or of the first look. */
  readonly since: number;
}

/** Whether the store answers, as this process finds it. Says so once when it stops to, and once when it is back. */
export class StoreWatch {
  #now: StoreState;
  #why = '';

  /** When the state changed last, by the stopwatch. */
  #changedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly stopwatch: Clock,
    private readonly log: Logger,
  ) {
    this.#now = { state: 'reachable', since: clock() };
    this.#changedAt = stopwatch();
  }

  get now(): StoreState {
    return this.#now;
  }

  /** It answered. */
  answered(): void {
    if (this.#now.state === 'reachable') return;
    const awayMs = Math.round(this.stopwatch() - this.#changedAt);
    this.#turn('reachable');
    this.log.warn({ awayMs }, 'The store is back.');
  }

  /** It did not, or it refused. That it has too much to do, or is closed by us, says nothing. */
  failed(error: unknown): void {
    if (error instanceof StoreError && (error.kind === 'busy' || error.kind === 'closed')) return;
    const { message } = error as Error;
    if (this.#now.state === 'reachable') {
      this.#turn('unreachable');
      this.log.error(
        { reason: message },
        'The store cannot be reached. What does not need it goes on without it.',
      );
    } else if (message !== this.#why) {
      this.log.warn({ reason: message }, 'The store still cannot be reached, for another reason.');
    }
    this.#why = message;
  }

  #turn(state: StoreState['state']): void {
    this.#now = { state, since: this.clock() };
    this.#changedAt = this.stopwatch();
  }
}

/** What a shared store takes longer for, of what is a matter of milliseconds, it will hardly answer at all. */
const answerWithinMs = 3_000;

/** The answer of a store, or `unreachable` where it does not come soon. */
export async function inGoodTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new StoreError('unreachable', `The store did not answer within ${answerWithinMs} ms.`));
    }, answerWithinMs);
  });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
