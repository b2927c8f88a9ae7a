import type { EndpointHealth } from '../domain/endpoint.js';
import type { OpenDelivery } from '../store/deliveries.js';

/** An open delivery in the hands of whoever sends it. */
export interface QueuedDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly place: number;
  readonly offset: number;
  readonly seqs: readonly number[];
  /** Attempts that count in the schedule. */
  attempts: number;
  /** Of one whose schedule has begun; the others go when it is their turn. */
  nextAttemptAt: number;
  /**
   * `held`: what came of it is being written, and decides what takes its place. `replaced`: that is in the store now,
   * its halves or itself. Either keeps its place, so that nothing behind it goes first.
   */
  phase: 'waiting' | 'sending' | 'held' | 'replaced';
  /** Instant of the last attempt: an attempt is told from the next by it. */
  lastAttemptAt: number;
  /** Not before this instant, because something of ours went wrong with it. */
  notBefore: number;
}

export interface PickRule {
  readonly now: number;
  /** One after the other: what waits for its retry holds back those behind it. */
  readonly inOrder: boolean;
  readonly health: EndpointHealth;
  /** A probe is under way. */
  readonly isProbing: boolean;
}

/** The open deliveries of one endpoint, in order: by place, then by offset. */
export class DeliveryQueue {
  #items: QueuedDelivery[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Those that nobody has begun to send. */
  get fresh(): number {
    let fresh = 0;
    for (const { phase, attempts } of this.#items) if (phase === 'waiting' && attempts === 0) fresh++;
    return fresh;
  }

  ids(): string[] {
    return this.#items.map(({ id }) => id);
  }

  /** Takes in those that are not known yet, each in its place. */
  add(deliveries: readonly OpenDelivery[]): void {
    const known = new Set(this.ids());
    let isSorted = true;
    for (const delivery of deliveries) {
      if (known.has(delivery.id)) continue;
      const item: QueuedDelivery = { ...delivery, phase: 'waiting', lastAttemptAt: 0, notBefore: 0 };
      const last = this.#items.at(-1);
      if (last && compare(last, item) > 0) isSorted = false;
      this.#items.push(item);
    }
    if (!isSorted) this.#items.sort(compare);
  }

  /** Those in whose place the store has something else to send. */
  replaced(): QueuedDelivery[] {
    return this.#items.filter(({ phase }) => phase === 'replaced');
  }

  remove(item: QueuedDelivery): void {
    const at = this.#items.indexOf(item);
    if (at !== -1) this.#items.splice(at, 1);
  }

  /** The one to be sent now, if there is one. */
  next(rule: PickRule): QueuedDelivery | undefined {
    let seenFresh = false;
    for (const item of this.#items) {
      if (mayBegin(item, rule, seenFresh)) return item;
      if (rule.inOrder) return undefined;
      if (item.attempts === 0) seenFresh = true;
    }
    return undefined;
  }
}

/** breaker.ts says why. */
function mayBegin(
  { phase, attempts, nextAttemptAt, notBefore }: QueuedDelivery,
  { now, health, isProbing }: PickRule,
  seenFresh: boolean,
): boolean {
  if (phase !== 'waiting' || notBefore > now) return false;
  if (attempts > 0) return nextAttemptAt <= now;
  if (health.probeAt === undefined) return true;
  return !seenFresh && !isProbing && health.probeAt <= now;
}

function compare(a: QueuedDelivery, b: QueuedDelivery): number {
  return a.place - b.place || a.offset - b.offset;
}
