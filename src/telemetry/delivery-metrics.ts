import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { deliveryReasons, type DeliveryReason } from '../domain/delivery.js';
import { outcomes, type Outcome } from '../domain/outcome.js';
import type { EndpointStatus } from './status.js';

/** Most receivers answer in milliseconds; the protocol's sender gives up at 0.7 s, an endpoint's at 60 s at most. */
const pushBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.7, 1, 2.5, 5, 10, 30, 60];
/** A success rate is that of so many attempts: enough to say something, few enough to say it of now. */
const ratedAttempts = 100;

export interface EndedDelivery {
  readonly endpointId: string;
  readonly outcome: Outcome;
  readonly reason: DeliveryReason;
  readonly durationMs: number;
  readonly messages: number;
}

/** Pushing on, by endpoint: their ids are Earshot's own, few, and shown to administrators alone. */
export function createDeliveryMetrics(registry: Registry) {
  const registers = [registry];
  const attempts = new Counter({
    name: 'earshot_delivery_attempts_total',
    help: 'Attempts at deliveries by endpoint, outcome and reason (docs/errors.md).',
    labelNames: ['endpoint', 'outcome', 'reason'] as const,
    registers,
  });
  const messages = new Counter({
    name: 'earshot_delivered_messages_total',
    help: 'Messages in pushes that were acknowledged.',
    labelNames: ['endpoint'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'earshot_delivery_duration_seconds',
    help: 'Time that attempts at deliveries took.',
    labelNames: ['outcome'] as const,
    buckets: pushBuckets,
    registers,
  });
  for (const outcome of outcomes) seconds.zero({ outcome });
  const latest = new Map<string, boolean[]>();
  const begun = new Set<string>();
  const gauges = createEndpointGauges(registry, latest);
  /** An alarm on an increase needs the value before the first one. */
  const begin = (endpoint: string): void => {
    if (begun.has(endpoint)) return;
    begun.add(endpoint);
    messages.inc({ endpoint }, 0);
    for (const reason of deliveryReasons) {
      for (const outcome of outcomesOf(reason)) attempts.inc({ endpoint, outcome, reason }, 0);
    }
  };

  return {
    /** One attempt at a delivery ended. */
    deliveryEnded({ endpointId, outcome, reason, durationMs, messages: count }: EndedDelivery): void {
      attempts.inc({ endpoint: endpointId, outcome, reason });
      seconds.observe({ outcome }, durationMs / 1000);
      if (outcome === 'ok') messages.inc({ endpoint: endpointId }, count);
      if (outcome === 'aborted') return;
      const rated = latest.get(endpointId) ?? [];
      rated.push(outcome === 'ok');
      if (rated.length > ratedAttempts) rated.shift();
      latest.set(endpointId, rated);
    },
    /** Of an endpoint's latest attempts, the share that succeeded; undefined where there were none. */
    successRate(endpointId: string): number | undefined {
      const rated = latest.get(endpointId);
      return rated && rated.filter((isSuccess) => isSuccess).length / rated.length;
    },
    /** Sets the gauges, and drops those of endpoints that were removed. */
    observeEndpoints(endpoints: readonly EndpointStatus[]): void {
      for (const { id } of endpoints) begin(id);
      gauges.observe(endpoints);
    },
  };
}

/** Of attempts that end for this reason. `refuse`: its messages are sent again in two halves, which is no attempt itself. */
function outcomesOf(reason: DeliveryReason): readonly Outcome[] {
  if (reason === 'acknowledged') return ['ok'];
  if (reason === 'stopped') return ['aborted'];
  if (reason === 'halved') return [];
  return reason === 'content-refused' ? ['retry', 'refuse'] : ['retry'];
}

function createEndpointGauges(registry: Registry, latest: Map<string, boolean[]>) {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const deliveries = gauge('earshot_deliveries', 'Deliveries by endpoint and state.', 'endpoint', 'state');
  const isFailing = gauge(
    'earshot_endpoint_failing',
    '1 while the breaker of an endpoint is open.',
    'endpoint',
  );
  const rate = gauge(
    'earshot_endpoint_success_rate',
    'Share of the latest 100 attempts that succeeded.',
    'endpoint',
  );
  const nextAttempt = gauge(
    'earshot_endpoint_next_attempt_timestamp_seconds',
    'When a delivery on its way is tried next, in UNIX time; +Inf where none is on its way.',
    'endpoint',
  );

  return {
    observe(endpoints: readonly EndpointStatus[]): void {
      for (const each of [deliveries, isFailing, rate, nextAttempt]) each.reset();
      const ids = new Set(endpoints.map(({ id }) => id));
      for (const id of latest.keys()) if (!ids.has(id)) latest.delete(id);
      for (const { id: endpoint, pending, dead, delivered, ...status } of endpoints) {
        for (const [state, count] of Object.entries({ pending, dead, delivered })) {
          deliveries.set({ endpoint, state }, count);
        }
        isFailing.set({ endpoint }, status.state === 'failing' ? 1 : 0);
        if (status.successRate !== undefined) rate.set({ endpoint }, status.successRate);
        nextAttempt.set(
          { endpoint },
          status.nextAttemptAt === undefined ? Infinity : status.nextAttemptAt / 1000,
        );
      }
    },
  };
}
