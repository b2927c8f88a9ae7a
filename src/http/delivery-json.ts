import type * as wire from '../contract/deliveries.js';
import type { Delivery, DeliveryAttempt } from '../domain/delivery.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

export function toDeliveryJson(delivery: Delivery): wire.Delivery {
  return known({
    id: delivery.id,
    endpointId: delivery.endpointId,
    state: delivery.state,
    webhookId: delivery.webhookId,
    count: delivery.count,
    firstSeq: delivery.firstSeq,
    lastSeq: delivery.lastSeq,
    attempts: delivery.attempts,
    nextAttemptAt: toInstantWhereKnown(delivery.nextAttemptAt),
    reason: delivery.reason,
    createdAt: toInstant(delivery.createdAt),
    deliveredAt: toInstantWhereKnown(delivery.deliveredAt),
    halfOf: delivery.halfOf,
    replayOf: delivery.replayOf,
    replayedAs: delivery.replayedAs,
  });
}

export function toDeliveryDetailJson(
  delivery: Delivery,
  seqs: readonly number[],
  attempts: readonly DeliveryAttempt[],
): wire.DeliveryDetail {
  return { ...toDeliveryJson(delivery), seqs: [...seqs], attemptLog: attempts.map(toAttemptJson) };
}

function toAttemptJson(attempt: DeliveryAttempt): wire.DeliveryAttempt {
  return { at: toInstant(attempt.at), ...toAttemptResultJson(attempt), probe: attempt.isProbe };
}

export function toAttemptResultJson(attempt: DeliveryAttempt): Omit<wire.DeliveryAttempt, 'at' | 'probe'> {
  const { timings, request, response } = attempt;
  return known({
    outcome: attempt.outcome,
    reason: attempt.reason,
    status: attempt.status,
    durationMs: round(attempt.durationMs),
    timings: known({
      lookupMs: round(timings.lookupMs),
      connectMs: round(timings.connectMs),
      tlsMs: round(timings.tlsMs),
      headMs: round(timings.headMs),
      bodyMs: round(timings.bodyMs),
    }),
    address: attempt.address,
    request: {
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      bytes: request.bytes,
    },
    response: response && { headers: { ...response.headers }, body: response.body },
  });
}

/** To hundredths of a millisecond: what is finer is noise of the clock. */
function round<Ms extends number | undefined>(ms: Ms): Ms {
  return (ms === undefined ? ms : Math.round(ms * 100) / 100) as Ms;
}
