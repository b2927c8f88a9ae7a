import type { Clock } from '../domain/clock.js';
import type { DeliveryAttempt } from '../domain/delivery.js';
import type { Endpoint } from '../domain/endpoint.js';
import { samplePush } from '../protocol/sample.js';
import { sendPush, type SendDeps } from './send-push.js';

export interface SendTestDeps extends SendDeps {
  readonly clock: Clock;
  readonly newWebhookId: () => string;
}

/** Sends the specification's own sample once, as a push to this endpoint would be sent; it is no delivery. */
export async function sendTest(
  endpoint: Pick<Endpoint, 'settings' | 'secrets'>,
  deps: SendTestDeps,
): Promise<DeliveryAttempt> {
  const { signal } = new AbortController();
  const push = { endpoint, webhookId: deps.newWebhookId(), at: deps.clock(), body: samplePush, signal };
  const { result, attempt } = await sendPush(push, deps);
  return { ...attempt, outcome: result.news === 'success' ? 'ok' : 'retry', isProbe: false };
}
