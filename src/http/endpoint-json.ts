import type * as wire from '../contract/endpoints.js';
import type { DeliveryAttempt } from '../domain/delivery.js';
import { stateOf, type Endpoint, type EndpointAuth, type EndpointStart } from '../domain/endpoint.js';
import type { EndpointTally } from '../store/endpoints.js';
import { toAttemptResultJson } from './delivery-json.js';
import { hideLinks } from '../protocol/link-display.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

/** An endpoint as the API shows it, member by member: without signing secrets, and without what authorises a push. */
export function toEndpointJson(endpoint: Endpoint, lastSeq: number): wire.Endpoint {
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

/** One endpoint alone: with the secrets that are valid at `now`, for whoever verifies its pushes. */
export function toEndpointDetailJson(
  endpoint: Endpoint,
  lastSeq: number,
  tally: EndpointTally,
  now: number,
): wire.EndpointDetail {
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
export function toEndpointTestJson(attempt: DeliveryAttempt, body: string): wire.EndpointTest {
  const result = toAttemptResultJson(attempt);
  return { ...result, request: { ...result.request, body } };
}

/**
 * Where an endpoint sends and what comes along, for the audit log: it outlives the endpoint. Without the query, which may
 * hold what makes whoever knows it a sender.
 */
export function whereItSends({ settings, start }: Pick<Endpoint, 'settings' | 'start'>) {
  const { origin, pathname: path } = new URL(settings.url);
  const { name, types, when, recordFile } = settings;
  return { name, origin, path, start: toStartJson(start), types: [...types], when, recordFile };
}

function toAuthJson(auth: EndpointAuth): NonNullable<wire.Endpoint['auth']> {
  return auth.kind === 'basic' ? { type: 'basic', username: auth.user } : { type: 'bearer' };
}

function toStartJson(start: EndpointStart): string {
  return typeof start === 'string' ? start : toInstant(start.at);
}

/** An endpoint for those who may not change it: its URL and headers may hold what makes whoever knows them a sender. */
export function withoutSecrets<Shown extends wire.Endpoint | wire.EndpointDetail>(endpoint: Shown): Shown {
  const headers = Object.fromEntries(Object.keys(endpoint.headers).map((name) => [name, '…']));
  const shown = { ...endpoint, url: hideLinks(endpoint.url), headers };
  return 'secrets' in shown ? { ...shown, secrets: [] } : shown;
}
