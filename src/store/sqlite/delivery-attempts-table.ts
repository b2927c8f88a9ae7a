import type { DeliveryAttempt, DeliveryReason } from '../../domain/delivery.js';
import type { Outcome } from '../../domain/outcome.js';
import type { Connection, Row } from './connection.js';

/**
 * Probes that found nobody are kept up to this many of a delivery: an endpoint that stays away for a year
 * must not fill the store with the same answer.
 */
const keptProbes = 20;

/** Attempts at deliveries. The caller of what writes holds the transaction. */
export class DeliveryAttemptsTable {
  constructor(private readonly connection: Connection) {}

  add(delivery: number, attempt: DeliveryAttempt): void {
    const { at, outcome, reason, status, durationMs, address, isProbe, timings, request, response } = attempt;
    this.connection
      .prepare(
        `INSERT INTO delivery_attempts (delivery, at, outcome, reason, status, duration_ms, address, is_probe, exchange)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        delivery,
        at,
        outcome,
        reason,
        status ?? null,
        Math.round(durationMs),
        address ?? null,
        isProbe ? 1 : 0,
        JSON.stringify({ timings, request, response }),
      );
    if (isProbe) this.#forgetProbes(delivery);
  }

  /** Whether this very attempt is kept already: a delivery has one attempt at a time. */
  has(delivery: number, { at, isProbe, outcome, reason, durationMs }: DeliveryAttempt): boolean {
    return (
      this.connection
        .prepare(
          `SELECT 1 FROM delivery_attempts WHERE delivery = ? AND is_probe = ? AND at = ? AND outcome = ? AND reason = ?
           AND duration_ms = ?`,
        )
        .get(delivery, isProbe ? 1 : 0, at, outcome, reason, Math.round(durationMs)) !== undefined
    );
  }

  /** Oldest first. */
  of(delivery: number): DeliveryAttempt[] {
    return this.connection
      .prepare('SELECT * FROM delivery_attempts WHERE delivery = ? ORDER BY id')
      .all(delivery)
      .map(toAttempt);
  }

  #forgetProbes(delivery: number): void {
    this.connection
      .prepare(
        `DELETE FROM delivery_attempts WHERE id IN (
           SELECT id FROM delivery_attempts WHERE delivery = ? AND is_probe = 1 ORDER BY id DESC LIMIT -1 OFFSET ${keptProbes})`,
      )
      .run(delivery);
  }
}

function toAttempt(row: Row): DeliveryAttempt {
  return {
    at: row['at'] as number,
    outcome: row['outcome'] as Outcome,
    reason: row['reason'] as DeliveryReason,
    durationMs: row['duration_ms'] as number,
    isProbe: row['is_probe'] === 1,
    ...(row['status'] === null ? {} : { status: row['status'] as number }),
    ...(row['address'] === null ? {} : { address: row['address'] as string }),
    ...(JSON.parse(row['exchange'] as string) as Pick<DeliveryAttempt, 'timings' | 'request' | 'response'>),
  };
}
