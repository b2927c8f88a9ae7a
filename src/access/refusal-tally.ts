import type { Clock } from '../domain/clock.js';
import type { Auditor, AuditedAct } from './auditor.js';

/** One request that was turned away. */
export interface Refusal {
  readonly actor: AuditedAct['actor'];
  readonly address: string;
  /** Of the error table. */
  readonly code: string;
  readonly method: string;
  /** The pattern of the route, never the address as it came. */
  readonly route: string;
}

/** Refusals of one kind are told of once in this time, with how many there were. */
const windowMs = 10 * 60 * 1000;
/** Strangers choose how many kinds there are: what is beyond this is told of together, as of one. */
const maxKinds = 100;

interface Kind {
  readonly refusal: Refusal;
  readonly since: number;
  times: number;
}

/**
 * Tells the audit log who was turned away, grouped, so that nobody fills it who has no right to anything: a kind (who,
 * from where, why, at which route) at once when it first comes, then how often it came within ten minutes. Nothing waits
 * for it, and what cannot be written is left out: a refusal shows and changes nothing.
 */
export class RefusalTally {
  readonly #kinds = new Map<string, Kind>();

  constructor(
    private readonly auditor: Pick<Auditor, 'record'>,
    private readonly clock: Clock,
  ) {}

  add(refusal: Refusal): void {
    this.tell();
    const { actor, address, code, method, route } = refusal;
    const key = JSON.stringify([actor.kind, actor.id, address, code, method, route]);
    const known = this.#kinds.get(key);
    if (known) {
      known.times++;
    } else if (this.#kinds.size < maxKinds) {
      this.#kinds.set(key, { refusal, since: this.clock(), times: 1 });
      this.#record(refusal, { times: 1 });
    } else {
      const others = this.#kinds.get('others');
      if (others) others.times++;
      else {
        const more = { ...refusal, address: 'several', route: 'several', code: 'several', method: '' };
        this.#kinds.set('others', { refusal: more, since: this.clock(), times: 1 });
      }
    }
  }

  /** Tells of every kind whose time is over; of all of them where the process ends. */
  tell(isEnd = false): void {
    const now = this.clock();
    for (const [key, { refusal, since, times }] of this.#kinds) {
      if (!isEnd && now - since < windowMs) continue;
      this.#kinds.delete(key);
      const untold = key === 'others' ? 0 : 1;
      if (times > untold) this.#record(refusal, { times, since: new Date(since).toISOString() });
    }
  }

  #record({ actor, address, code, method, route }: Refusal, more: object): void {
    const detail = { code, method, route, ...more };
    this.auditor.record({ actor, action: 'request.refused', detail, address }).catch(() => undefined);
  }
}
