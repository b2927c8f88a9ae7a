import type {
  EndpointAuth,
  EndpointChange,
  EndpointCreation,
} from '../../../../../src/contract/endpoint-settings.ts';
import { toValues, type EndpointValues, type NumberText } from './endpoint-values.ts';
import type { Endpoint } from '../../../../../src/contract/endpoints.ts';
import { readSchedule } from './schedule-text.ts';

type Settings = Omit<EndpointCreation, 'url' | 'start'> & { readonly url: string };

/** What creates the endpoint that a form without faults describes. */
export function toCreation(values: EndpointValues): EndpointCreation {
  const start = values.start === 'instant' ? new Date(values.startAt).toISOString() : values.start;
  return { ...toSettings(values), start };
}

/** What has to change for an endpoint to become what the form says; members that stay are left out. */
export function toChange(values: EndpointValues, endpoint: Endpoint): EndpointChange {
  const before = toSettings(toValues(endpoint));
  const { auth, ...after } = toSettings(values);
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => name !== 'auth',
  ) as (keyof typeof after)[];
  // The server takes headers to another origin only when it is told them again; they are on the screen.
  const isSaidAgain = leadsElsewhere(values, endpoint) ? 'headers' : undefined;
  const changed = names.filter(
    (name) => name === isSaidAgain || JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  return {
    ...Object.fromEntries(changed.map((name) => [name, after[name] ?? null])),
    ...(changesAuth(values, endpoint) && { auth: auth ?? null }),
  };
}

/** A secret is not told by the server: an empty field means the one that it has. No other origin ever gets that one. */
export function changesAuth(values: EndpointValues, endpoint: Pick<Endpoint, 'auth' | 'url'>): boolean {
  const { auth } = endpoint;
  if (values.auth !== (auth?.type ?? 'none')) return true;
  if (values.auth !== 'none' && leadsElsewhere(values, endpoint)) return true;
  switch (values.auth) {
    case 'none':
      return false;
    case 'basic':
      return values.password !== '' || values.username !== (auth?.username ?? '');
    case 'bearer':
      return values.token !== '';
  }
}

function leadsElsewhere({ url }: EndpointValues, endpoint: Pick<Endpoint, 'url'>): boolean {
  const after = url.trim();
  return URL.canParse(after) && new URL(after).origin !== new URL(endpoint.url).origin;
}

function toSettings(values: EndpointValues): Settings {
  const name = values.name.trim();
  const ratePerSecond = toNumber(values.ratePerSecond);
  const auth = toAuth(values);
  return {
    url: values.url.trim(),
    ...(name !== '' && { name }),
    types: [...values.types],
    when: values.when,
    recordFile: values.recordFile,
    filter: toFilter(values),
    batchSize: Number(values.batchSize),
    lingerMs: Number(values.lingerMs),
    timeoutMs: Number(values.timeoutMs),
    concurrency: Number(values.concurrency),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    retrySchedule: readSchedule(values.retrySchedule) ?? [],
    jitter: Number((Number(values.jitterPercent) / 100).toFixed(8)),
    retryAfter: values.retryAfter,
    halving: values.halving,
    gzip: values.gzip,
    headers: Object.fromEntries(values.headers.map((line) => [line.name.trim(), line.value])),
    ...(auth && { auth }),
  };
}

function toFilter(values: EndpointValues): NonNullable<Settings['filter']> {
  const { taskId, batchId, outIdPrefix } = values;
  const minDurationSeconds = toNumber(values.minDurationSeconds);
  return {
    ...(taskId !== '' && { taskId }),
    ...(batchId !== '' && { batchId }),
    ...(outIdPrefix !== '' && { outIdPrefix }),
    ...(minDurationSeconds !== undefined && { minDurationSeconds }),
  };
}

function toAuth({ auth, username, password, token }: EndpointValues): EndpointAuth | undefined {
  switch (auth) {
    case 'none':
      return undefined;
    case 'basic':
      return { type: 'basic', username, password };
    case 'bearer':
      return { type: 'bearer', token };
  }
}

function toNumber(text: NumberText): number | undefined {
  return text === '' ? undefined : Number(text);
}
