import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from './open-test-api.js';

let api: TestApi;
let existing: string;
beforeAll(async () => {
  api = await openTestApi();
  const { body } = await send('POST', '/api/v1/endpoints', { url });
  existing = `/api/v1/endpoints/${String(body['id'])}`;
});
afterAll(() => api.close());

const url = 'https://receiver.example/push?token=a%2Bb';

async function send(method: string, where: string, body: unknown) {
  const response = await api.ask(where, { method, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function expectNothingChanged() {
  const endpoints = await api.store.endpoints.list();
  expect(endpoints.map(({ settings }) => [settings.url, settings.batchSize])).toEqual([[url, 100]]);
}

describe('POST /api/v1/endpoints', () => {
  it.each([
    [{}, '`url` is missing'],
    [{ url: null }, '`url` is missing'],
    [{ url: 7 }, '`url` must be a text'],
    [{ url: 'receiver.example' }, 'no URL'],
    [{ url: 'ftp://receiver.example' }, 'http://'],
    [{ url: 'https://u:p@receiver.example/' }, '`auth`'],
    [{ url: 'https://receiver.example/#x' }, 'fragment'],
    [{ url, batchSize: 0 }, '`batchSize` must be 1 or more'],
    [{ url, batchSize: 10_001 }, '`batchSize` must be 10000 or less'],
    [{ url, batchSize: 1.5 }, '`batchSize` must be a whole number'],
    [{ url, batchSize: '10' }, '`batchSize` must be a whole number'],
    [{ url, lingerMs: -1 }, '`lingerMs`'],
    [{ url, lingerMs: 60_001 }, '`lingerMs`'],
    [{ url, timeoutMs: 0 }, '`timeoutMs`'],
    [{ url, timeoutMs: 60_001 }, '`timeoutMs`'],
    [{ url, concurrency: 0 }, '`concurrency`'],
    [{ url, concurrency: 65 }, '`concurrency`'],
    [{ url, ratePerSecond: 0 }, '`ratePerSecond`'],
    [{ url, ratePerSecond: -1 }, '`ratePerSecond`'],
    [{ url, jitter: 1.1 }, '`jitter`'],
    [{ url, retrySchedule: [60, -1] }, '`retrySchedule[1]`'],
    [{ url, retrySchedule: [604_801] }, '`retrySchedule[0]`'],
    [{ url, retrySchedule: Array(101).fill(1) }, '`retrySchedule`'],
    [{ url, retrySchedule: 60 }, '`retrySchedule` must be a list'],
    [{ url, types: [] }, '`types` must not be empty'],
    [{ url, types: ['Nonsense'] }, '`types[0]` must be one of'],
    [{ url, types: ['AlicomAgentCallNote', 'AlicomAgentCallNote'] }, '`types`'],
    [{ url, when: 'later' }, '`when` must be one of received, archived'],
    [{ url, recordFile: 'mine' }, '`recordFile`'],
    [{ url, filter: { taskId: ['1'] } }, '`filter.taskId` must be a text'],
    [{ url, filter: { taskid: '1' } }, '`filter.taskid`'],
    [{ url, filter: { minDurationSeconds: -1 } }, '`filter.minDurationSeconds`'],
    [{ url, headers: { 'x-a': 1 } }, '`headers.x-a` must be a text'],
    [{ url, headers: { 'webhook-id': 'x' } }, 'webhook-id'],
    [{ url, headers: { Host: 'x' } }, 'host'],
    [{ url, auth: { type: 'basic', username: 'u' } }, '`auth`'],
    [{ url, auth: { type: 'bearer', token: 't', username: 'u' } }, '`auth`'],
    [{ url, auth: { type: 'digest' } }, '`auth.type`'],
    [{ url, start: 'tomorrow' }, '`start`'],
    [{ url, start: '2099-01-01T00:00:00Z' }, '`start` lies in the future'],
    [{ url, start: '2025-05-22T12:00:00' }, '`start` needs a time and an offset'],
    [{ url, batchsize: 1 }, '`batchsize`'],
    [{ url, cursor: 1 }, '`cursor`'],
    [{ url, nonsense: null }, '`nonsense`'],
  ])('refuses %j with a sentence that names it', async (body, sentence) => {
    const refused = await send('POST', '/api/v1/endpoints', body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'endpoint-invalid' } });
    expect(refused.body['detail']).toContain(sentence);
    await expectNothingChanged();
  });

  it.each(['', '[]', 'null', '7', '{"url":'])('refuses the body %j', async (body) => {
    const response = await api.ask('/api/v1/endpoints', { method: 'POST', body });
    const code = body === '' ? 'endpoint-invalid' : 'body-invalid';
    expect(await response.json()).toMatchObject({ status: 400, code });
  });

  it.each([
    'http://127.0.0.1/',
    'http://localhost:8080/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://100.100.100.200/',
    'http://inside.example/',
  ])('refuses %s, and a change to it', async (forbidden) => {
    const refusal = { status: 400, body: { code: 'endpoint-forbidden' } };
    expect(await send('POST', '/api/v1/endpoints', { url: forbidden })).toMatchObject(refusal);
    expect(await send('PATCH', existing, { url: forbidden })).toMatchObject(refusal);
    await expectNothingChanged();
  });
});

describe('PATCH /api/v1/endpoints/{id}', () => {
  it.each([
    [{ url: null }, '`url`'],
    [{ state: 'paused' }, '/pause'],
    [{ start: 'now' }, '/replay'],
    [{ secrets: [] }, '/rotate-secret'],
    [{ id: 'x' }, '`id`'],
    [{ nonsense: null }, '`nonsense`'],
    [{ batchSize: 0 }, '`batchSize`'],
  ])('refuses %j', async (change, sentence) => {
    const refused = await send('PATCH', existing, change);
    expect(refused).toMatchObject({ status: 400, body: { code: 'endpoint-invalid' } });
    expect(refused.body['detail']).toContain(sentence);
    await expectNothingChanged();
  });
});
