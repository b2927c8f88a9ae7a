import type { Endpoint } from '../../../../../src/contract/endpoints.ts';
import { bounds, maxWaits, maxWaitSeconds } from './endpoint-defaults.ts';
import type { EndpointValues, FieldName } from './endpoint-values.ts';
import { readSchedule } from './schedule-text.ts';
import { changesAuth } from './to-request.ts';

/** What is wrong with a field; a key of the texts under `fault`. */
export type Fault =
  | 'missing'
  | 'noUrl'
  | 'noHttp'
  | 'userInUrl'
  | 'fragmentInUrl'
  | 'unplainUrl'
  | 'noNumber'
  | 'noWholeNumber'
  | 'outOfBounds'
  | 'noSchedule'
  | 'noHeader'
  | 'ownHeader'
  | 'twiceHeader'
  | 'secretAgain'
  | 'colonInUser'
  | 'noToken'
  | 'noInstant'
  | 'future';

export type Faults = Partial<Record<FieldName, Fault>>;

/**
 * Everything in the form that the server would refuse for its own form, so that it is told in the reader's language
 * and beside its field. What only the server can know (where a URL leads) it tells afterwards.
 * @param before the endpoint that is changed; a new one has none.
 */
export function findFaults(values: EndpointValues, nowMs: number, before?: Endpoint): Faults {
  const found: Record<string, Fault | undefined> = {
    url: findUrlFault(values.url.trim()),
    types: values.types.length === 0 ? 'missing' : undefined,
    ...findNumberFaults(values),
    retrySchedule: findScheduleFault(values.retrySchedule),
    headers: findHeaderFault(values),
    ...findAuthFaults(values, before),
    startAt: before ? undefined : findStartFault(values, nowMs),
  };
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault !== undefined));
}

function findUrlFault(url: string): Fault | undefined {
  if (url === '') return 'missing';
  if (!URL.canParse(url)) return 'noUrl';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return 'noHttp';
  if (username !== '' || password !== '') return 'userInUrl';
  if (url.includes('#')) return 'fragmentInUrl';
  return /^https?:\/\/[^/?#\\@\s]+([/?]\S*)?$/i.test(url) ? undefined : 'unplainUrl';
}

const optionalNumbers = new Set(['ratePerSecond', 'minDurationSeconds']);
const wholeNumbers = new Set(['batchSize', 'lingerMs', 'timeoutMs', 'concurrency']);

function findNumberFaults(values: EndpointValues): Record<string, Fault | undefined> {
  const names = Object.keys(bounds) as (keyof typeof bounds)[];
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (value === '') return [name, optionalNumbers.has(name) ? undefined : 'missing'];
      const number = Number(value);
      if (!Number.isFinite(number)) return [name, 'noNumber'];
      if (wholeNumbers.has(name) && !Number.isInteger(number)) return [name, 'noWholeNumber'];
      const { min, max = Infinity }: { min: number; max?: number } = bounds[name];
      return [name, number < min || number > max ? 'outOfBounds' : undefined];
    }),
  );
}

function findScheduleFault(text: string): Fault | undefined {
  const waits = readSchedule(text);
  if (!waits) return 'noSchedule';
  return waits.length > maxWaits || waits.some((wait) => wait > maxWaitSeconds) ? 'outOfBounds' : undefined;
}

/** What Earshot or the connection itself sets. */
const ownHeaders =
  /^(host|content-length|content-encoding|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-connection|webhook-.*)$/i;

function findHeaderFault({ headers, auth }: EndpointValues): Fault | undefined {
  const names = headers.map(({ name }) => name.trim().toLowerCase());
  if (names.some((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))) return 'noHeader';
  if (headers.some(({ value }) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))) return 'noHeader';
  if (names.some((name) => ownHeaders.test(name))) return 'ownHeader';
  if (auth !== 'none' && names.includes('authorization')) return 'ownHeader';
  return new Set(names).size < names.length ? 'twiceHeader' : undefined;
}

function findAuthFaults(values: EndpointValues, before?: Endpoint): Record<string, Fault | undefined> {
  if (before && !changesAuth(values, before)) return {};
  switch (values.auth) {
    case 'none':
      return {};
    case 'basic':
      return {
        username:
          values.username === '' ? 'missing' : values.username.includes(':') ? 'colonInUser' : undefined,
        password:
          values.password !== '' ? undefined : before?.auth?.type === 'basic' ? 'secretAgain' : 'missing',
      };
    case 'bearer':
      return {
        token:
          values.token === ''
            ? before?.auth?.type === 'bearer'
              ? 'secretAgain'
              : 'missing'
            : /^[\x21-\x7e]+$/.test(values.token)
              ? undefined
              : 'noToken',
      };
  }
}

function findStartFault({ start, startAt }: EndpointValues, nowMs: number): Fault | undefined {
  if (start !== 'instant') return undefined;
  const at = Date.parse(startAt);
  if (Number.isNaN(at)) return 'noInstant';
  return at > nowMs ? 'future' : undefined;
}
