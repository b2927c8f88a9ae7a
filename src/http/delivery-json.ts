import type * as wire from '../contract/deliveries.js';
import type { Delivery, DeliveryAttempt } from '../domain/delivery.js';
import { known, toInstant, toInstantWhereKnown } from './json-values.js';
import type * as wireEndpoints from '../contract/endpoints.js';
import { type Endpoint, type EndpointAuth, type EndpointStart, stateOf } from '../domain/endpoint.js';
import type { EndpointTally } from '../store/endpoints.js';
import { hideLinks } from '../protocol/link-display.js';

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

function toAttemptResultJson(attempt: DeliveryAttempt): Omit<wire.DeliveryAttempt, 'at' | 'probe'> {
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

/** An endpoint as the API shows it, member by member: without signing secrets, and without what authorises a push. */
export function toEndpointJson(endpoint: Endpoint, lastSeq: number): wireEndpoints.Endpoint {
  const { settings, health, cursor } = endpoint;
  return known({
    id: endpoint.id,
    name: settings.name,
    url: settings.url,
    types: [...settings.types],
    when: settings.when,
    recordFile: settings.recordFile,
    filter: { ...settings.filter },
    batchSize: settings.batchSize,
    lingerMs: settings.lingerMs,
    timeoutMs: settings.timeoutMs,
    concurrency: settings.concurrency,
    ratePerSecond: settings.ratePerSecond,
    retrySchedule: [...settings.retrySchedule],
    jitter: settings.jitter,
    retryAfter: settings.retryAfter,
    halving: settings.halving,
    gzip: settings.gzip,
    headers: { ...settings.headers },
    auth: settings.auth && toAuthJson(settings.auth),
    start: toStartJson(endpoint.start),
    state: stateOf(endpoint),
    failuresInARow: health.failuresInARow,
    probeAt: toInstantWhereKnown(health.probeAt),
    cursor,
    // Both are read at almost the same moment: the cursor may be ahead of a `lastSeq` read before it.
    lag: Math.max(0, lastSeq - cursor),
    createdAt: toInstant(endpoint.createdAt),
  });
}

/** One endpoint alone: with the secrets that are valid at `now`, for its receiver to verify pushes. */
export function toEndpointDetailJson(
  endpoint: Endpoint,
  lastSeq: number,
  tally: EndpointTally,
  now: number,
): wireEndpoints.EndpointDetail {
  const valid = endpoint.secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  const ends = valid.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [expiresAt]));
  return known({
    ...toEndpointJson(endpoint, lastSeq),
    secrets: valid.map(({ secret }) => secret),
    secretExpiresAt: ends.length === 0 ? undefined : toInstant(Math.max(...ends)),
    deliveries: known({
      pending: tally.pending,
      delivered: tally.delivered,
      dead: tally.dead,
      nextAttemptAt: toInstantWhereKnown(tally.nextAttemptAt),
    }),
  });
}

/** What came of a test; `body` is what was sent. */
export function toEndpointTestJson(attempt: DeliveryAttempt, body: string): wireEndpoints.EndpointTest {
  const result = toAttemptResultJson(attempt);
  return { ...result, request: { ...result.request, body } };
}

/**
 * Where an endpoint sends and what comes along, for the audit log: it outlives the endpoint. Without the query, which may
 * hold what lets its reader send.
 */
export function whereItSends({ settings, start }: Pick<Endpoint, 'settings' | 'start'>) {
  const { origin, pathname: path } = new URL(settings.url);
  const { name, types, when, recordFile } = settings;
  return { name, origin, path, start: toStartJson(start), types: [...types], when, recordFile };
}

function toAuthJson(auth: EndpointAuth): NonNullable<wireEndpoints.Endpoint['auth']> {
  return auth.kind === 'basic' ? { type: 'basic', username: auth.user } : { type: 'bearer' };
}

function toStartJson(start: EndpointStart): string {
  return typeof start === 'string' ? start : toInstant(start.at);
}

/** An endpoint for those who may not change it: its URL and headers may hold what lets their reader send. */
export function withoutSecrets<Shown extends wireEndpoints.Endpoint | wireEndpoints.EndpointDetail>(
  endpoint: Shown,
): Shown {
  const headers = Object.fromEntries(Object.keys(endpoint.headers).map((name) => [name, '…']));
  const shown = { ...endpoint, url: hideLinks(endpoint.url), headers };
  return 'secrets' in shown ? { ...shown, secrets: [] } : shown;
}
