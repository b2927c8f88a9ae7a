import type { DeliveryAttempt } from '../../domain/delivery.js';
import { keptProbes, toDeliveryAttempt, toExchange } from '../rows/delivery-attempt-row.js';
import type { Row } from '../rows/row.js';
import type { Transaction } from './database.js';
import { toMonth } from './partitions.js';
import { insertSql, toArrays, toNumbers, type Columns } from './row-arrays.js';

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
  await transaction.run(insertAttempts, toArrays(added.map(toRow), columns));
  const probed = added.filter(({ attempt }) => attempt.isProbe).map(({ delivery }) => delivery);
  if (probed.length > 0) await forgetProbes(transaction, probed);
}

function toRow({ delivery, attempt }: NumberedAttempt): Row {
  const { at, outcome, reason, status = null, durationMs, address = null, isProbe } = attempt;
  return {
    month: toMonth(at),
    delivery,
    at,
    outcome,
    reason,
    status,
    address,
    duration_ms: Math.round(durationMs),
    is_probe: isProbe ? 1 : 0,
    exchange: toExchange(attempt),
  };
}

const columns = {
  month: 'integer',
  delivery: 'bigint',
  at: 'bigint',
  outcome: 'text',
  reason: 'text',
  status: 'integer',
  duration_ms: 'bigint',
  address: 'text',
  is_probe: 'smallint',
  exchange: 'text',
} as const satisfies Columns;

const insertAttempts = insertSql('delivery_attempts', columns);

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
      toNumbers(asked.map(({ delivery }) => delivery)),
      toNumbers(instants),
      toMonth(Math.min(...instants)),
      toMonth(Math.max(...instants)),
    ],
  );
  const parts = ['delivery', 'at', 'is_probe', 'outcome', 'reason', 'duration_ms'];
  return new Set(rows.map((row) => parts.map((part) => row[part]).join(' ')));
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
