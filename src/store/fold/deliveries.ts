import type { DeliveryAttempt, DeliveryState, NewDelivery } from '../../domain/delivery.js';
import type { EndpointHealth } from '../../domain/endpoint.js';
import type { Cut, DeliverySettlement, EndpointLease, ReplayStep } from '../deliveries.js';
import {
  type DeliveryRow,
  deliveryStateOf,
  fromDeliveryId,
  fromSeqRuns,
  isSettledSo,
  type NewDeliveryRow,
  toDeliveryStateNumber,
  toSeqRuns,
} from '../rows/delivery-row.js';
import { type EndpointRow, fromEndpointId } from '../rows/endpoint-row.js';

/** Endpoints that the transaction holds, by their numbers: nobody else changes a lease, a cursor or a delivery of theirs. */
export type HeldEndpoints = ReadonlyMap<number, EndpointRow>;

/** The endpoint of a lease that is still its holder's. */
export function leasedEndpoint(
  endpoints: HeldEndpoints,
  { endpointId, generation }: EndpointLease,
): EndpointRow | undefined {
  const row = endpoints.get(fromEndpointId(endpointId));
  return row?.generation === generation && row.leased_until !== null ? row : undefined;
}

/** What a new delivery comes from, where it was not cut from the journal. */
interface Origin {
  readonly replayOf?: number;
  /**
   * The delivery that it is half of, and how many messages of that come before it. A half has the place of the one
   * that was cut and, as its offset, what comes before it there: so (place, place_offset) orders an endpoint's
   * deliveries however often they are halved.
   */
  readonly half?: { readonly of: DeliveryRow; readonly skipped: number };
}

/** A delivery that is to be sent at once; behind all others unless it is a half. */
export function newDelivery(
  endpoint: number,
  { webhookId, seqs }: NewDelivery,
  now: number,
  { replayOf, half }: Origin = {},
): NewDeliveryRow {
  if (seqs.length === 0) throw new Error('a delivery has at least one message');
  return {
    messages: seqs,
    endpoint,
    state: toDeliveryStateNumber('pending'),
    place: half ? half.of.place : null,
    place_offset: half ? half.of.place_offset + half.skipped : 0,
    webhook_id: webhookId,
    seqs: toSeqRuns(seqs),
    count: seqs.length,
    first_seq: Math.min(...seqs),
    last_seq: Math.max(...seqs),
    next_attempt_at: now,
    created_at: now,
    half_of: half ? half.of.id : null,
    replay_of: replayOf ?? null,
  };
}

/** How many deliveries of an endpoint came into a state, and left it, in one transaction. */
export class TallyChanges {
  readonly #changes = new Map<string, { endpoint: number; state: number; count: number }>();

  add(endpoint: number, state: DeliveryState, difference: number): void {
    const number = toDeliveryStateNumber(state);
    const key = `${endpoint} ${number}`;
    const change = this.#changes.get(key);
    if (change) change.count += difference;
    else this.#changes.set(key, { endpoint, state: number, count: difference });
  }

  /** In an order that all writers keep. */
  get rows(): { endpoint: number; state: number; count: number }[] {
    return [...this.#changes.values()]
      .filter(({ count }) => count !== 0)
      .sort((a, b) => a.endpoint - b.endpoint || a.state - b.state);
  }
}

/** An attempt and the number of its delivery. */
export interface NumberedAttempt {
  readonly delivery: number;
  readonly attempt: DeliveryAttempt;
}

/** What tells an attempt from every other: a delivery has one at a time. */
function toAttemptKey({ delivery, attempt }: NumberedAttempt): string {
  const { at, isProbe, outcome, reason, durationMs } = attempt;
  return [delivery, at, isProbe ? 1 : 0, outcome, reason, Math.round(durationMs)].join(' ');
}

/** What the settlements find. Rows of deliveries are changed as they are settled: each fold has its own. */
export interface SettlementGround {
  readonly endpoints: HeldEndpoints;
  /** Those that are settled, the ones that they are halves of, all the way up, and all halves of these. */
  readonly deliveries: ReadonlyMap<number, DeliveryRow>;
  /** Keys of attempts that are kept already: of every settlement in `repeatable`. */
  readonly keptAttempts: ReadonlySet<string>;
}

/** Attempts that may be kept already: whoever was not told of the first time settles them again. */
export function repeatable(
  settlements: readonly DeliverySettlement[],
  deliveries: SettlementGround['deliveries'],
): NumberedAttempt[] {
  const times = new Map<string, number>();
  for (const { deliveryId } of settlements) times.set(deliveryId, (times.get(deliveryId) ?? 0) + 1);
  return settlements.flatMap(({ deliveryId, attempt, verdict }) => {
    const delivery = fromDeliveryId(deliveryId);
    const row = deliveries.get(delivery);
    const mayBeKept = row && (isSettledSo(row, verdict) || times.get(deliveryId) !== 1);
    return mayBeKept ? [{ delivery, attempt }] : [];
  });
}

/**
 * What many settlements change, worked out one after the other in memory, so that a hundred are written as one.
 *
 * A halved delivery has no next attempt any more, is still pending, and is settled together with the last of its
 * halves. A settlement that comes again changes nothing: its attempt is kept, and its delivery stands as it left it.
 */
export class SettlementFold {
  readonly attempts: NumberedAttempt[] = [];
  readonly halves: NewDeliveryRow[] = [];
  readonly changed = new Set<DeliveryRow>();
  readonly healths = new Map<number, EndpointHealth>();
  readonly tallies = new TallyChanges();
  readonly #ground: SettlementGround;
  readonly #keptAttempts: Set<string>;
  readonly #halvesOf = new Map<number, DeliveryRow[]>();

  constructor(ground: SettlementGround) {
    this.#ground = ground;
    this.#keptAttempts = new Set(ground.keptAttempts);
    for (const row of ground.deliveries.values()) {
      const whole = row.half_of;
      if (whole !== null) this.#halvesOf.set(whole, [...(this.#halvesOf.get(whole) ?? []), row]);
    }
  }

  /** False: the lease is not the caller's any more, or the delivery waits for no attempt. */
  take(settlement: DeliverySettlement): boolean {
    const { lease, deliveryId, attempt, verdict, health } = settlement;
    const endpoint = leasedEndpoint(this.#ground.endpoints, lease)?.id;
    const row = this.#ground.deliveries.get(fromDeliveryId(deliveryId));
    if (endpoint === undefined || row?.endpoint !== endpoint) return false;
    const numbered = { delivery: row.id, attempt };
    const key = toAttemptKey(numbered);
    if (isSettledSo(row, verdict) && this.#keptAttempts.has(key)) return true;
    if (row.next_attempt_at === null) return false;
    this.#keptAttempts.add(key);
    this.attempts.push(numbered);
    this.healths.set(endpoint, health);
    if (verdict.kind !== 'released') this.#conclude(row, settlement);
    return true;
  }

  #conclude(row: DeliveryRow, { attempt, verdict, now }: DeliverySettlement): void {
    this.changed.add(row);
    if (!attempt.isProbe) row.attempts++;
    switch (verdict.kind) {
      case 'delivered':
        this.#settle(row, 'delivered', null, now);
        return;
      case 'dead':
        this.#settle(row, 'dead', attempt.reason, now);
        return;
      case 'halved':
        this.#halve(row, verdict.halves, now);
        return;
      case 'retry':
        row.next_attempt_at = verdict.nextAttemptAt;
        row.reason = attempt.reason;
        return;
      case 'released':
        return;
    }
  }

  /** Delivered or dead, and with it whatever it was the last open half of. */
  #settle(row: DeliveryRow, outcome: 'delivered' | 'dead', reason: string | null, now: number): void {
    this.changed.add(row);
    this.tallies.add(row.endpoint, deliveryStateOf(row), -1);
    this.tallies.add(row.endpoint, outcome, 1);
    row.state = toDeliveryStateNumber(outcome);
    row.next_attempt_at = null;
    row.reason = reason;
    row.delivered_at = outcome === 'delivered' ? now : null;
    const whole = row.half_of === null ? undefined : this.#ground.deliveries.get(row.half_of);
    if (!whole) return;
    const states = (this.#halvesOf.get(whole.id) ?? []).map(deliveryStateOf);
    if (states.includes('pending')) return;
    this.#settle(whole, states.includes('dead') ? 'dead' : 'delivered', 'halved', now);
  }

  #halve(row: DeliveryRow, halves: readonly [NewDelivery, NewDelivery], now: number): void {
    const [first, second] = halves;
    // What a receiver gets must be what was cut: a message that a mistake left out here would be gone.
    if (toSeqRuns([...first.seqs, ...second.seqs]) !== toSeqRuns(fromSeqRuns(row.seqs))) {
      throw new Error('the halves of a delivery are not its messages');
    }
    row.next_attempt_at = null;
    row.reason = 'halved';
    this.halves.push(
      newDelivery(row.endpoint, first, now, { half: { of: row, skipped: 0 } }),
      newDelivery(row.endpoint, second, now, { half: { of: row, skipped: first.seqs.length } }),
    );
  }
}

/** What cuts make of cursors and deliveries. */
export interface TakenCuts {
  /** For each cut its endpoint; undefined where its lease is its holder's no more, or the cursor stands elsewhere. */
  readonly endpoints: readonly (number | undefined)[];
  readonly cursors: ReadonlyMap<number, number>;
  readonly deliveries: readonly NewDeliveryRow[];
}

/** Takes each cut whose lease is its holder's and that begins where the cursor stands. */
export function takeCuts(held: HeldEndpoints, cuts: readonly Cut[]): TakenCuts {
  const cursors = new Map<number, number>();
  const deliveries: NewDeliveryRow[] = [];
  const endpoints = cuts.map(({ lease, from, to, batches, now }) => {
    const endpoint = leasedEndpoint(held, lease);
    if (!endpoint || (cursors.get(endpoint.id) ?? endpoint.cursor) !== from || to < from) return undefined;
    cursors.set(endpoint.id, to);
    for (const batch of batches) deliveries.push(newDelivery(endpoint.id, batch, now));
    return endpoint.id;
  });
  return { endpoints, cursors, deliveries };
}

/** A step is taken once: batches that come with a position where the replay stands already are refused. */
export function isNextStep({ position, batches }: ReplayStep, reached: number): boolean {
  return position > reached || (position === reached && batches.length === 0);
}

/** What a step of a replay adds. A dead delivery that somebody has replayed by hand meanwhile is left out: `dead` are those that are not. */
export function planStep(
  endpoint: number,
  { batches, repeats, now }: ReplayStep,
  dead: ReadonlySet<number>,
): NewDeliveryRow[] {
  const left = new Set(dead);
  return batches.flatMap((batch, index) => {
    const repeated = repeats[index];
    if (repeated === undefined) return [newDelivery(endpoint, batch, now)];
    const replayOf = fromDeliveryId(repeated);
    // Once: whoever names one twice gets it once.
    return left.delete(replayOf) ? [newDelivery(endpoint, batch, now, { replayOf })] : [];
  });
}
