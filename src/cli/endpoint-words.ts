import type { Endpoint, EndpointDetail, EndpointTest } from '../contract/endpoints.js';
import { printable, toTable } from './terminal.js';

/** Endpoints as a table, one a line. */
export function toEndpointTable(endpoints: readonly Endpoint[]): string {
  return toTable([
    ['id', 'state', 'behind', 'name', 'url'],
    ...endpoints.map(({ id, state, lag, name, url }) => [id, state, String(lag), printable(name), url]),
  ]);
}

/** Everything of one endpoint, one member a line. */
export function describeEndpoint(endpoint: EndpointDetail): string {
  const { filter, headers, auth, deliveries, secrets, secretExpiresAt } = endpoint;
  const filters = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  return toTable([
    ['id', endpoint.id],
    ['name', printable(endpoint.name)],
    ['url', endpoint.url],
    ['state', toState(endpoint)],
    ['cursor', `${endpoint.cursor} (${endpoint.lag} behind; began at ${endpoint.start})`],
    ['deliveries', toDeliveries(deliveries)],
    ['types', endpoint.types.join(', ')],
    ['filter', filters.length === 0 ? 'none' : filters.join(', ')],
    ['when', endpoint.when],
    ['recordFile', endpoint.recordFile],
    ['batches', `of ${endpoint.batchSize} at most, after ${endpoint.lingerMs} ms`],
    ['time-out', `${endpoint.timeoutMs} ms`],
    ['at once', `${endpoint.concurrency}${toRate(endpoint.ratePerSecond)}`],
    ['retries', toRetries(endpoint)],
    ['halving', endpoint.halving ? 'yes' : 'no'],
    ['gzip', endpoint.gzip ? 'yes' : 'no'],
    ['headers', Object.keys(headers).join(', ') || 'none'],
    ['authentication', auth ? [auth.type, auth.username].filter(Boolean).join(' ') : 'none'],
    ['created', endpoint.createdAt],
    ...secrets.map((secret, index) => [
      'signing secret',
      index === 0 || secretExpiresAt === undefined ? secret : `${secret} (until ${secretExpiresAt})`,
    ]),
  ]);
}

/** What came of a test, in one line. */
export function describeTest({ status, reason, durationMs, response, address }: EndpointTest): string {
  const where = address === undefined ? '' : ` from ${address}`;
  const answer = status === undefined ? `no answer (${reason})` : `HTTP ${status}${where}`;
  const body = response === undefined ? '' : `: ${printable(response.body)}`;
  return `${answer} in ${durationMs.toFixed(0)} ms${body}`;
}

function toState({ state, failuresInARow, probeAt }: Endpoint): string {
  if (state !== 'failing') return state;
  return `failing: ${failuresInARow} in a row${probeAt === undefined ? '' : `, asks again at ${probeAt}`}`;
}

function toDeliveries({ pending, delivered, dead, nextAttemptAt }: EndpointDetail['deliveries']): string {
  const next = nextAttemptAt === undefined ? '' : ` (next attempt ${nextAttemptAt})`;
  return `${pending} pending${next}, ${delivered} delivered, ${dead} dead`;
}

function toRate(ratePerSecond: number | undefined): string {
  return ratePerSecond === undefined ? '' : `, ${ratePerSecond} a second at most`;
}

function toRetries({ retrySchedule, jitter, retryAfter }: Endpoint): string {
  if (retrySchedule.length === 0) return 'none';
  const more = [jitter === 0 ? '' : `jitter ${jitter}`, retryAfter ? 'Retry-After' : ''].filter(Boolean);
  return `after ${retrySchedule.join(', ')} s${more.length === 0 ? '' : `; ${more.join(', ')}`}`;
}
