import type { Logger } from 'pino';
import type { DeliveryAttempt } from '../domain/delivery.js';
import type { QueuedDelivery } from './delivery-queue.js';
import type { Judgement } from './verdict.js';

/**
 * The one wide record of an attempt. Successes are many and alike: they are told at `debug`, and counted in the
 * metrics. Neither the URL nor anything of the body is in it: both may hold secrets.
 */
export function logAttempt(
  log: Logger,
  endpointId: string,
  delivery: QueuedDelivery,
  attempt: DeliveryAttempt,
  { verdict, health }: Judgement,
): void {
  if (attempt.outcome === 'ok' && !log.isLevelEnabled('debug')) return;
  const { outcome, reason, status, durationMs: ms, address, isProbe } = attempt;
  const record = {
    ...{ endpointId, deliveryId: delivery.id, webhookId: delivery.webhookId, count: delivery.seqs.length },
    ...{ attempt: delivery.attempts + 1, outcome, reason, status, ms, address, state: verdict.kind },
    ...(isProbe ? { isProbe } : {}),
    ...(verdict.kind === 'retry' ? { nextAttemptAt: verdict.nextAttemptAt } : {}),
    ...(health.probeAt === undefined ? {} : { probeAt: health.probeAt }),
  };
  if (verdict.kind === 'dead') log.warn(record, 'delivery');
  else if (outcome === 'ok') log.debug(record, 'delivery');
  else log.info(record, 'delivery');
}
