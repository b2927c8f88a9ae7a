import type { DeliveryAttempt, DeliveryReason } from '../../domain/delivery.js';
import type { Outcome } from '../../domain/outcome.js';
import type { Row } from './row.js';

/**
 * Probes that found nobody are kept up to this many of a delivery: an endpoint that stays away for a year
 * must not fill the store with the same answer.
 */
export const keptProbes = 20;

/** What of an attempt nobody searches by, as JSON. */
export function toExchange({ timings, request, response }: DeliveryAttempt): string {
  return JSON.stringify({ timings, request, response });
}

export function toDeliveryAttempt(row: Row): DeliveryAttempt {
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
