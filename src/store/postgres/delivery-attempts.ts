import type { DeliveryAttempt } from '../../domain/delivery.js';
import { keptProbes, toDeliveryAttempt, toExchange } from '../rows/delivery-attempt-row.js';
import type { Row } from '../rows/row.js';
import type { Transaction } from './database.js';
import { toMonth } from './partitions.js';

/** An attempt and the number of its delivery. */
export interface NumberedAttempt {
  readonly delivery: number;
  readonly attempt: DeliveryAttempt;
}

/** What tells an attempt from every other: a delivery has one at a time. */
export function toAttemptKey({ delivery, attempt }: NumberedAttempt): string {
  const { at, isProbe, outcome, reason, durationMs } = attempt;
  return [delivery, at, isProbe ? 1 : 0, outcome, reason, Math.round(durationMs)].join(' ');
}

/** Adds them in this order; `Partitions` has been asked for their months. */
export async function addAttempts(
  transaction: Transaction,
  added: readonly NumberedAttempt[],
): Promise<void> {
  if (added.length === 0) return;
  const attempts = added.map(({ attempt }) => attempt);
  await transaction.run(
    `INSERT INTO delivery_attempts (month, delivery, at, outcome, reason, status, duration_ms, address, is_probe, exchange)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::bigint[],
       $8::text[], $9::smallint[], $10::text[])`,
    [
      attempts.map(({ at }) => toMonth(at)),
      added.map(({ delivery }) => delivery),
      attempts.map(({ at }) => at),
      attempts.map(({ outcome }) => outcome),
      attempts.map(({ reason }) => reason),
      attempts.map(({ status }) => status ?? null),
      attempts.map(({ durationMs }) => Math.round(durationMs)),
      attempts.map(({ address }) => address ?? null),
      attempts.map(({ isProbe }) => (isProbe ? 1 : 0)),
      attempts.map(toExchange),
    ],
  );
  const probed = added.filter(({ attempt }) => attempt.isProbe).map(({ delivery }) => delivery);
  if (probed.length > 0) await forgetProbes(transaction, probed);
}

/** Keys of those of the attempts that are kept already. */
export async function keptAttempts(
  transaction: Transaction,
  asked: readonly NumberedAttempt[],
): Promise<Set<string>> {
  if (asked.length === 0) return new Set();
  const instants = asked.map(({ attempt }) => attempt.at);
  // The months as a range: from an array that comes as a parameter the planner cannot tell which partitions it needs.
  const { rows } = await transaction.run(
    `SELECT delivery, at, is_probe, outcome, reason, duration_ms FROM delivery_attempts
     WHERE delivery = ANY($1::bigint[]) AND at = ANY($2::bigint[]) AND month BETWEEN $3 AND $4`,
    [
      asked.map(({ delivery }) => delivery),
      instants,
      toMonth(Math.min(...instants)),
      toMonth(Math.max(...instants)),
    ],
  );
  const columns = ['delivery', 'at', 'is_probe', 'outcome', 'reason', 'duration_ms'];
  return new Set(rows.map((row) => columns.map((column) => row[column]).join(' ')));
}

/** Those of one delivery, oldest first. */
export async function attemptsOf(database: Transaction, delivery: Row): Promise<DeliveryAttempt[]> {
  // Whoever attempted it may have a clock a little behind that of whoever made it.
  const firstMonth = toMonth((delivery['created_at'] as number) - clockDifferenceMs);
  const { rows } = await database.run(
    'SELECT * FROM delivery_attempts WHERE delivery = $1 AND month >= $2 ORDER BY id',
    [delivery['id'], firstMonth],
  );
  return rows.map(toDeliveryAttempt);
}

const clockDifferenceMs = 86_400_000;

async function forgetProbes(transaction: Transaction, deliveries: readonly number[]): Promise<void> {
  const { rows } = await transaction.run(
    `SELECT delivery, id FROM (
       SELECT delivery, id, row_number() OVER (PARTITION BY delivery ORDER BY id DESC) AS age FROM delivery_attempts
       WHERE delivery = ANY($1::bigint[]) AND is_probe = 1
     ) probes WHERE age > ${keptProbes}`,
    [deliveries],
  );
  if (rows.length === 0) return;
  await transaction.run(
    'DELETE FROM delivery_attempts WHERE delivery = ANY($1::bigint[]) AND id = ANY($2::bigint[])',
    [rows.map((row) => row['delivery']), rows.map((row) => row['id'])],
  );
}
