import type { Random } from '../domain/clock.js';
import type { DeliveryVerdict } from '../domain/delivery.js';
import { nextDeliveryAttemptAt, type EndpointHealth, type EndpointSettings } from '../domain/endpoint.js';
import type { OpenDelivery } from '../store/deliveries.js';
import { afterAttempt } from './breaker.js';
import type { PushResult } from './classify-answer.js';

export interface EndedAttempt {
  readonly delivery: Pick<OpenDelivery, 'seqs' | 'attempts'>;
  readonly result: PushResult;
  /** It was begun to ask whether the endpoint is back. */
  readonly asked: boolean;
  readonly retryAfterMs?: number;
  readonly now: number;
}

export interface Judgement {
  readonly verdict: DeliveryVerdict;
  readonly health: EndpointHealth;
  /** A probe that found nobody: it does not count in the schedule. */
  readonly isProbe: boolean;
}

export interface Judging {
  readonly settings: Pick<EndpointSettings, 'retrySchedule' | 'jitter' | 'retryAfter' | 'halving'>;
  /** As it stood when the attempt ended. */
  readonly health: EndpointHealth;
  readonly random: Random;
  readonly newWebhookId: () => string;
}

/** What an attempt makes of its delivery and of its endpoint's health. */
export function judge(ended: EndedAttempt, { settings, health, random, newWebhookId }: Judging): Judgement {
  const { delivery, result, asked, retryAfterMs, now } = ended;
  if (result.news === 'stopped') return { verdict: { kind: 'released' }, health, isProbe: false };
  const next = afterAttempt(health, { news: result.news, isProbe: asked }, now, settings);
  if (result.news === 'success') return { verdict: { kind: 'delivered' }, health: next, isProbe: false };
  if (result.reason === 'content-refused' && settings.halving && delivery.seqs.length > 1) {
    return { verdict: halve(delivery.seqs, newWebhookId), health: next, isProbe: false };
  }
  if (asked && result.foundNobody) {
    return {
      verdict: { kind: 'retry', nextAttemptAt: next.probeAt ?? now },
      health: next,
      isProbe: true,
    };
  }
  const failures = delivery.attempts + 1;
  const retry = { failures, now, settings, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const at = nextDeliveryAttemptAt(retry, random);
  return {
    verdict: at === undefined ? { kind: 'dead' } : { kind: 'retry', nextAttemptAt: at },
    health: next,
    isProbe: false,
  };
}

/** Two deliveries of the same messages in the same order; the first has the odd one. */
function halve(seqs: readonly number[], newWebhookId: () => string): DeliveryVerdict {
  const middle = Math.ceil(seqs.length / 2);
  return {
    kind: 'halved',
    halves: [
      { webhookId: newWebhookId(), seqs: seqs.slice(0, middle) },
      { webhookId: newWebhookId(), seqs: seqs.slice(middle) },
    ],
  };
}
