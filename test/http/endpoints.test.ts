import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type ApiProblem } from '../../src/contract/client.js';
import { Endpoint, EndpointDetail, EndpointPage, EndpointTest } from '../../src/contract/endpoints.js';
import { endpointDefaults } from '../../src/domain/endpoint.js';
import { samplePush } from '../../src/protocol/sample.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const url = 'https://receiver.example/push?token=a%2Bb';
const path = (id: string, act = '') => `/api/v1/endpoints/${id}${act}`;
const client = () => createClient({ baseUrl: api.baseUrl, apiKey: administratorKey });

/** The answer to a POST with JSON whose Content-Type does not say so. */
async function send(method: string, where: string, body: unknown) {
  const response = await api.ask(where, { method, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('POST /api/v1/endpoints', () => {
  it('needs a URL only: everything else is as the protocol has it', async () => {
    await api.push([record('1^1')]);
    const response = await api.ask('/api/v1/endpoints', { method: 'POST', body: JSON.stringify({ url }) });
    expect(response.status).toBe(201);
    const made = (await response.json()) as EndpointDetail;
    expect([...Value.Errors(EndpointDetail, made)]).toEqual([]);
    expect(response.headers.get('location')).toBe(path(made.id));
    expect(made).toMatchObject({
      ...endpointDefaults,
      name: 'receiver.example',
      url,
      start: 'now',
      state: 'active',
      cursor: 1,
      lag: 0,
      secrets: [expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)],
      deliveries: { pending: 0, delivered: 0, dead: 0 },
    });
    expect(made).not.toHaveProperty('ratePerSecond');
    expect(made).not.toHaveProperty('auth');
    expect(await api.askJson(path(made.id))).toEqual(made);
    expect(api.sending.told.changes).toBe(1);
  });

  it('keeps every setting that it is given', async () => {
    const settings = {
      name: '回调',
      url,
      types: ['AlicomAgentCallNote'],
      when: 'archived',
      recordFile: 'archived',
      filter: { taskId: '118', batchId: 'B2', outIdPrefix: '12', minDurationSeconds: 1.5 },
      batchSize: 10_000,
      lingerMs: 0,
      timeoutMs: 60_000,
      concurrency: 64,
      ratePerSecond: 0.5,
      retrySchedule: [0, 0.1, 604_800],
      jitter: 1,
      retryAfter: true,
      halving: false,
      gzip: true,
      headers: { 'X-Tenant': 'a' },
    };
    const { status, body } = await send('POST', '/api/v1/endpoints', { ...settings, start: 'beginning' });
    expect([status, body]).toMatchObject([201, { ...settings, start: 'beginning', cursor: 0 }]);
  });

  it('answers authentication without its secret, and with the user', async () => {
    const auth = { type: 'basic', username: 'u', password: 'secret-1' };
    const basic = await send('POST', '/api/v1/endpoints', { url, auth });
    expect(basic.body['auth']).toEqual({ type: 'basic', username: 'u' });
    const bearer = await send('POST', '/api/v1/endpoints', {
      url,
      auth: { type: 'bearer', token: 'secret-2' },
    });
    expect(bearer.body['auth']).toEqual({ type: 'bearer' });
    const shown = JSON.stringify([basic, bearer, await api.askJson('/api/v1/endpoints')]);
    expect(shown + api.logLines.join()).not.toMatch(/secret-[12]/);
  });

  it('begins at an instant', async () => {
    for (const callId of ['1^1', '2^2', '3^3']) {
      await api.push([record(callId)]);
      api.clock.now += 60_000;
    }
    const start = new Date(api.clock.now - 90_000).toISOString().replace('Z', '+00:00');
    const { body } = await send('POST', '/api/v1/endpoints', { url, start });
    expect(body).toMatchObject({ cursor: 2, lag: 1, start: start.replace('+00:00', 'Z') });
  });
});

describe('GET /api/v1/endpoints', () => {
  it('lists all, the oldest first and without secrets, and pages where it is asked to', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await client().endpoints.create({ url, name: `n${i}` })).id);
    const all = await api.askJson<EndpointPage>('/api/v1/endpoints');
    expect([...Value.Errors(EndpointPage, all)]).toEqual([]);
    expect(all.items.map(({ id }) => id)).toEqual(ids);
    expect(JSON.stringify(all)).not.toContain('whsec_');
    expect(all).not.toHaveProperty('nextCursor');
    const one = await client().endpoints.list({ limit: 2 });
    const two = await client().endpoints.list({ limit: 2, cursor: one.nextCursor ?? '' });
    expect([...one.items, ...two.items].map(({ id }) => id)).toEqual(ids);
    expect(two).not.toHaveProperty('nextCursor');
  });

  it('tells how far each is behind', async () => {
    const { id } = await client().endpoints.create({ url });
    await api.push([record('1^1'), record('2^2')]);
    const [item] = (await client().endpoints.list()).items;
    expect(item).toMatchObject({ id, cursor: 0, lag: 2 });
  });
});

describe('PATCH /api/v1/endpoints/{id}', () => {
  it('from archived to received sends what was held, and what the endpoint has anyway not again', async () => {
    await api.push([record('1^1'), record('1^2')]);
    const { id } = await client().endpoints.create({ url, when: 'archived', start: 'beginning' });
    const [taken] = await api.store.dispatch.acquire({ now: 1, until: Number.MAX_SAFE_INTEGER, limit: 1 });
    const lease = taken!.lease;
    await api.store.dispatch.cut([{ lease, from: 0, to: 2, batches: [], now: 1 }]);
    await send('PATCH', path(id), { batchSize: 5 });
    expect((await client().replays.list({ endpointId: id })).items).toEqual([]);
    await send('PATCH', path(id), { when: 'received' });
    expect((await client().replays.list({ endpointId: id })).items).toMatchObject([
      { kind: 'missed', state: 'running', total: 2 },
    ]);
    await send('PATCH', path(id), { when: 'archived' });
    expect((await client().replays.list({ endpointId: id })).items).toHaveLength(1);
  });

  it('changes what is named, replaces filter and headers as wholes, and shows no secret', async () => {
    const { id } = await client().endpoints.create({
      url,
      name: 'mine',
      filter: { taskId: '1', batchId: '2' },
      headers: { a: '1', b: '2' },
      auth: { type: 'bearer', token: 't' },
      ratePerSecond: 5,
    });
    const { status, body } = await send('PATCH', path(id), {
      batchSize: 1,
      filter: { taskId: '3' },
      headers: { c: '3' },
    });
    expect(status).toBe(200);
    expect([...Value.Errors(Endpoint, body)]).toEqual([]);
    expect(body).toMatchObject({
      name: 'mine',
      url,
      batchSize: 1,
      filter: { taskId: '3' },
      headers: { c: '3' },
      auth: { type: 'bearer' },
      ratePerSecond: 5,
    });
    expect(body).not.toHaveProperty('secrets');
    expect(Object.keys(body['filter'] as object)).toEqual(['taskId']);
    expect((await api.store.endpoints.get(id))?.settings.auth).toEqual({ kind: 'bearer', token: 't' });
    expect(api.sending.told.changes).toBe(2);
  });

  it('puts back to its default what is null', async () => {
    const auth = { type: 'bearer', token: 't' } as const;
    const { id } = await client().endpoints.create({ url, name: 'x', auth, ratePerSecond: 5, batchSize: 3 });
    const after = await client().endpoints.change(id, {
      ratePerSecond: null,
      auth: null,
      batchSize: null,
      name: null,
    });
    expect(after).toMatchObject({ batchSize: 100, name: 'receiver.example' });
    expect(after).not.toHaveProperty('ratePerSecond');
    expect(after).not.toHaveProperty('auth');
  });

  it('loses none of many changes at once', async () => {
    const { id } = await client().endpoints.create({ url });
    await Promise.all([
      client().endpoints.change(id, { batchSize: 7 }),
      client()
        .endpoints.change(id, { url: 7 as never })
        .catch(() => undefined),
      client().endpoints.change(id, { lingerMs: 8 }),
      client().endpoints.change(id, { timeoutMs: 9 }),
    ]);
    expect(await client().endpoints.get(id)).toMatchObject({ batchSize: 7, lingerMs: 8, timeoutMs: 9 });
  });
});

describe('acts on an endpoint', () => {
  it('pause and resume without a body, also where there is nothing to do', async () => {
    const { id } = await client().endpoints.create({ url });
    for (const [act, state] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['resume', 'active'],
      ['resume', 'active'],
    ] as const) {
      expect(await client().endpoints[act](id)).toMatchObject({ id, state });
    }
    expect(api.sending.told.changes).toBe(5);
  });

  it('rotates the secret: both are shown while both are valid', async () => {
    const { id, secrets } = await client().endpoints.create({ url });
    const day = 86_400_000;
    const rotated = await client().endpoints.rotateSecret(id);
    expect(rotated).toMatchObject({
      secrets: [expect.stringMatching(/^whsec_/), ...secrets],
      secretExpiresAt: new Date(api.clock.now + day).toISOString(),
    });
    api.clock.now += day;
    const later = await client().endpoints.get(id);
    expect(later.secrets).toEqual([rotated.secrets[0]]);
    expect(later).not.toHaveProperty('secretExpiresAt');
    const atOnce = await client().endpoints.rotateSecret(id, { overlapSeconds: 0 });
    expect(atOnce.secrets).toHaveLength(1);
    expect(await send('POST', path(id, '/rotate-secret'), { overlap: 1 })).toMatchObject({
      status: 400,
      body: { code: 'body-invalid' },
    });
  });

  it('tests: tells what was sent and what came back', async () => {
    const { id } = await client().endpoints.create({ url });
    const tested = await client().endpoints.test(id);
    expect([...Value.Errors(EndpointTest, tested)]).toEqual([]);
    expect(tested).toMatchObject({
      outcome: 'ok',
      reason: 'acknowledged',
      status: 200,
      address: '93.184.215.14',
      request: { method: 'POST', body: samplePush },
      response: { body: '{"code":0}' },
    });
  });

  it('removes it for good', async () => {
    const { id } = await client().endpoints.create({ url });
    const response = await api.ask(path(id), { method: 'DELETE' });
    expect([response.status, await response.text()]).toEqual([204, '']);
    const { endpoints } = client();
    for (const again of [
      () => endpoints.get(id),
      () => endpoints.change(id, { batchSize: 1 }),
      () => endpoints.remove(id),
      () => endpoints.pause(id),
      () => endpoints.resume(id),
      () => endpoints.test(id),
      () => endpoints.replay(id),
      () => endpoints.rotateSecret(id),
    ]) {
      const problem = await again().then(
        () => undefined,
        (error: unknown) => error as ApiProblem,
      );
      expect([problem?.status, problem?.code]).toEqual([404, 'endpoint-unknown']);
    }
    expect((await endpoints.list()).items).toEqual([]);
  });

  it('needs a key for all of it', async () => {
    for (const [method, where] of [
      ['GET', '/api/v1/endpoints'],
      ['POST', '/api/v1/endpoints'],
      ['DELETE', path('x')],
      ['POST', path('x', '/test')],
    ] as const) {
      const response = await fetch(api.baseUrl + where, { method });
      expect(response.status).toBe(401);
    }
  });
});
