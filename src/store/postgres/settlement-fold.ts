import type { DeliveryState, NewDelivery } from '../../domain/delivery.js';
import type { EndpointHealth } from '../../domain/endpoint.js';
import type { DeliverySettlement } from '../deliveries.js';
import { deliveryStateOf, fromDeliveryId, isSettledSo, toDeliveryStateNumber } from '../rows/delivery-row.js';
import type { Row } from '../rows/row.js';
import { fromSeqRuns, toSeqRuns } from '../rows/seq-runs.js';
import { toAttemptKey, type NumberedAttempt } from './delivery-attempts.js';
import type { PlannedDelivery } from './delivery-inserts.js';
import { TallyChanges } from './delivery-tallies.js';
import { leasedEndpoint, type LockedEndpoints } from './endpoint-locks.js';

/** What the settlements find. Rows of deliveries are changed as they are settled: each fold has its own. */
export interface SettlementGround {
  readonly endpoints: LockedEndpoints;
  /** Those that are settled, the ones that they are halves of, all the way up, and all halves of these. */
  readonly deliveries: ReadonlyMap<number, Row>;
  /** Keys of attempts that are kept already: of every settlement that may be one that comes again. */
  readonly keptAttempts: ReadonlySet<string>;
}

/**
 * What many settlements change, worked out one after the other in memory, so that a hundred are written as one.
 *
 * A halved delivery has no next attempt any more, is still pending, and is settled together with the last of its
 * halves. A settlement that comes again changes nothing: its attempt is kept, and its delivery stands as it left it.
 */
export class SettlementFold {
  readonly attempts: NumberedAttempt[] = [];
  readonly halves: PlannedDelivery[] = [];
  readonly changed = new Set<Row>();
  readonly healths = new Map<number, EndpointHealth>();
  readonly tallies = new TallyChanges();
  readonly #ground: SettlementGround;
  readonly #keptAttempts: Set<string>;
  readonly #halvesOf = new Map<number, Row[]>();

  constructor(ground: SettlementGround) {
    this.#ground = ground;
    this.#keptAttempts = new Set(ground.keptAttempts);
    for (const row of ground.deliveries.values()) {
      const whole = row['half_of'] as number | null;
      if (whole !== null) this.#halvesOf.set(whole, [...(this.#halvesOf.get(whole) ?? []), row]);
    }
  }

  /** False: the lease is not the caller's any more, or the delivery waits for no attempt. */
  take(settlement: DeliverySettlement): boolean {
    const { lease, deliveryId, attempt, verdict, health } = settlement;
    const endpoint = leasedEndpoint(this.#ground.endpoints, lease)?.['id'] as number | undefined;
    const row = this.#ground.deliveries.get(fromDeliveryId(deliveryId));
    if (endpoint === undefined || row?.['endpoint'] !== endpoint) return false;
    const numbered = { delivery: row['id'] as number, attempt };
    const key = toAttemptKey(numbered);
    if (isSettledSo(row, verdict) && this.#keptAttempts.has(key)) return true;
    if (row['next_attempt_at'] === null) return false;
    this.#keptAttempts.add(key);
    this.attempts.push(numbered);
    this.healths.set(endpoint, health);
    if (verdict.kind !== 'released') this.#conclude(row, settlement);
    return true;
  }

  #conclude(row: Row, { attempt, verdict, now }: DeliverySettlement): void {
    this.changed.add(row);
    if (!attempt.isProbe) row['attempts'] = (row['attempts'] as number) + 1;
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
        row['next_attempt_at'] = verdict.nextAttemptAt;
        row['reason'] = attempt.reason;
        return;
      case 'released':
        return;
    }
  }

  /** Delivered or dead, and with it whatever it was the last open half of. */
  #settle(row: Row, outcome: 'delivered' | 'dead', reason: string | null, now: number): void {
    this.changed.add(row);
    const endpoint = row['endpoint'] as number;
    this.tallies.add(endpoint, deliveryStateOf(row), -1);
    this.tallies.add(endpoint, outcome, 1);
    row['state'] = toDeliveryStateNumber(outcome);
    row['next_attempt_at'] = null;
    row['reason'] = reason;
    row['delivered_at'] = outcome === 'delivered' ? now : null;
    const whole = row['half_of'] === null ? undefined : this.#ground.deliveries.get(row['half_of'] as number);
    if (!whole) return;
    const states = (this.#halvesOf.get(whole['id'] as number) ?? []).map(deliveryStateOf);
    if (!states.includes('pending')) this.#settle(whole, worst(states), 'halved', now);
  }

  #halve(row: Row, halves: readonly [NewDelivery, NewDelivery], now: number): void {
    const [first, second] = halves;
    // What a receiver gets must be what was cut: a message that a mistake left out here would be gone.
    if (toSeqRuns([...first.seqs, ...second.seqs]) !== toSeqRuns(fromSeqRuns(row['seqs'] as string))) {
      throw new Error('the halves of a delivery are not its messages');
    }
    row['next_attempt_at'] = null;
    row['reason'] = 'halved';
    const endpoint = row['endpoint'] as number;
    this.halves.push(
      { ...first, endpoint, now, half: { of: row, skipped: 0 } },
      { ...second, endpoint, now, half: { of: row, skipped: first.seqs.length } },
    );
  }
}

function worst(states: readonly DeliveryState[]): 'delivered' | 'dead' {
  return states.includes('dead') ? 'dead' : 'delivered';
}
