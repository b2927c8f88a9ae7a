import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../../../../src/contract/client.ts';
import type { Endpoint } from '../../../../../src/contract/endpoints.ts';
import { endpointDefaults } from './endpoint-defaults.ts';
import { blankEndpoint, toValues } from './endpoint-values.ts';
import { fieldOfProblem } from './field-of-problem.ts';
import { findFaults } from './find-faults.ts';
import { toChange, toCreation } from './to-request.ts';

const url = 'https://receiver.example/push';
const nowMs = Date.parse('2026-05-01T00:00:00Z');
const endpoint: Endpoint = {
  id: 'e1',
  ...endpointDefaults,
  types: [...endpointDefaults.types],
  retrySchedule: [...endpointDefaults.retrySchedule],
  name: 'Receiver',
  url,
  filter: { taskId: '7', minDurationSeconds: 3 },
  jitter: 0.07,
  ratePerSecond: 5,
  headers: { 'x-tenant': 'a' },
  auth: { type: 'basic', username: 'earshot' },
  start: 'now',
  state: 'active',
  failuresInARow: 0,
  cursor: 0,
  lag: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
};

describe('the form of an endpoint', () => {
  it('creates one with every default from nothing but a URL', () => {
    const values = { ...blankEndpoint, url: ` ${url} ` };
    expect(findFaults(values, nowMs)).toEqual({});
    expect(toCreation(values)).toEqual({ url, ...endpointDefaults, start: 'now' });
  });

  it('changes nothing when nothing was edited', () => {
    expect(findFaults(toValues(endpoint), nowMs, endpoint)).toEqual({});
    expect(toChange(toValues(endpoint), endpoint)).toEqual({});
  });

  it('sends only what was edited, and null for what was emptied', () => {
    const values = {
      ...toValues(endpoint),
      name: ' ',
      ratePerSecond: '',
      taskId: '',
      retrySchedule: '30, 2m',
    };
    expect(toChange(values, endpoint)).toEqual({
      name: null,
      ratePerSecond: null,
      filter: { minDurationSeconds: 3 },
      retrySchedule: [30, 120],
    });
  });

  it('keeps a secret that was not typed again, unless what it belongs to has changed', () => {
    const values = toValues(endpoint);
    expect(toChange({ ...values, password: 'new' }, endpoint)).toEqual({
      auth: { type: 'basic', username: 'earshot', password: 'new' },
    });
    expect(findFaults({ ...values, username: 'other' }, nowMs, endpoint)).toEqual({
      password: 'secretAgain',
    });
    expect(toChange({ ...values, auth: 'none' }, endpoint)).toEqual({ auth: null });
    expect(findFaults({ ...values, auth: 'bearer' }, nowMs, endpoint)).toEqual({ token: 'missing' });
  });

  it('asks for a secret again, and sends headers along, where the address leads to another origin', () => {
    const elsewhere = { ...toValues(endpoint), url: 'https://other.example/push' };
    expect(findFaults(elsewhere, nowMs, endpoint)).toEqual({ password: 'secretAgain' });
    expect(toChange({ ...elsewhere, password: 'again' }, endpoint)).toEqual({
      url: elsewhere.url,
      headers: endpoint.headers,
      auth: { type: 'basic', username: 'earshot', password: 'again' },
    });
    const bearer = { ...endpoint, auth: { type: 'bearer' } };
    const withBearer = { ...toValues(bearer), url: elsewhere.url };
    expect(findFaults(withBearer, nowMs, bearer)).toEqual({ token: 'secretAgain' });
    expect(findFaults({ ...toValues(endpoint), url: `${url}/other` }, nowMs, endpoint)).toEqual({});
  });

  it.each([
    [{ url: '' }, { url: 'missing' }],
    [{ url: 'receiver' }, { url: 'noUrl' }],
    [{ url: 'ftp://receiver.example' }, { url: 'noHttp' }],
    [{ url: 'http://me:secret@receiver.example/' }, { url: 'userInUrl' }],
    [{ url: `${url}#x` }, { url: 'fragmentInUrl' }],
    [{ url: 'http:\\\\receiver.example' }, { url: 'unplainUrl' }],
    [{ types: [] }, { types: 'missing' }],
    [{ batchSize: 0 }, { batchSize: 'outOfBounds' }],
    [{ batchSize: '' }, { batchSize: 'missing' }],
    [{ concurrency: 1.5 }, { concurrency: 'noWholeNumber' }],
    [{ timeoutMs: '-' }, { timeoutMs: 'noNumber' }],
    [{ ratePerSecond: 0 }, { ratePerSecond: 'outOfBounds' }],
    [{ retrySchedule: 'often' }, { retrySchedule: 'noSchedule' }],
    [{ retrySchedule: '8d' }, { retrySchedule: 'outOfBounds' }],
    [{ headers: [{ name: 'a b', value: '' }] }, { headers: 'noHeader' }],
    [{ headers: [{ name: 'Webhook-Id', value: '1' }] }, { headers: 'ownHeader' }],
    [{ auth: 'bearer' as const, token: 'ü' }, { token: 'noToken' }],
    [{ auth: 'basic' as const, username: 'a:b', password: 'x' }, { username: 'colonInUser' }],
    [{ start: 'instant' as const }, { startAt: 'noInstant' }],
    [{ start: 'instant' as const, startAt: '2026-06-01T00:00' }, { startAt: 'future' }],
  ])('finds what is wrong with %j', (edited, faults) => {
    expect(findFaults({ ...blankEndpoint, url, ...edited }, nowMs)).toEqual(faults);
  });

  it.each([
    ['`url` leads to an address that nothing is pushed to.', 'url'],
    ['`filter.taskId` must not be empty.', 'taskId'],
    ['`retrySchedule[3]` must be 604800 or less.', 'retrySchedule'],
    ['`headers` holds host, which Earshot sets itself.', 'headers'],
    ['`auth` of type bearer holds `token`.', 'auth'],
    ['There is no member `x` here.', undefined],
  ])('knows the field of “%s”', (detail, field) => {
    expect(fieldOfProblem(new ApiProblem(400, { code: 'endpoint-invalid', detail }))).toBe(field);
  });
});
