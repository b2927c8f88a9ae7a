import type { DeliveryAttempt } from '../../domain/delivery.js';
import { keptProbes, toDeliveryAttempt, toExchange } from '../rows/delivery-attempt-row.js';
import type { Connection } from './connection.js';

/** Attempts at deliveries. The caller of what writes holds the transaction. */
export class DeliveryAttemptsTable {
  constructor(private readonly connection: Connection) {}

  add(delivery: number, attempt: DeliveryAttempt): void {
    const { at, outcome, reason, status, durationMs, address, isProbe } = attempt;
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
        toExchange(attempt),
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
      .map(toDeliveryAttempt);
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
