import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { DeliveryDetail, DeliveryPage } from '../../src/contract/deliveries.js';
import type { DeliveryAttempt, DeliveryVerdict } from '../../src/domain/delivery.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const client = () => createClient({ baseUrl: api.baseUrl, apiKey: administratorKey });

/** An endpoint, and as many deliveries of one message each as there are messages, in order. */
async function cut(messages: number) {
  const { id } = await client().endpoints.create({ url: 'https://receiver.example/push' });
  await api.push(Array.from({ length: messages }, (_, i) => record(`${i}^${i}`)));
  const now = api.clock.now;
  const [served] = await api.store.dispatch.acquire({ now, until: now + 10_000, limit: 10 });
  if (!served) throw new Error('the endpoint is not free');
  const { lease } = served;
  const batches = Array.from({ length: messages }, (_, i) => ({ webhookId: `msg_${i}`, seqs: [i + 1] }));
  const [open] = await api.store.dispatch.cut([{ lease, from: 0, to: messages, batches, now }]);
  if (!open) throw new Error('nothing was cut');
  return { endpointId: id, lease, ids: open.map((delivery) => delivery.id) };
}

async function settle(
  lease: { endpointId: string; generation: number },
  deliveryId: string,
  verdict: DeliveryVerdict,
) {
  const health = { failuresInARow: 0 };
  const attempt = verdict.kind === 'delivered' ? acknowledged() : refused();
  const settlement = { lease, deliveryId, attempt, verdict, health, now: api.clock.now };
  expect(await api.store.dispatch.settle([settlement])).toEqual([true]);
}

function acknowledged(): DeliveryAttempt {
  return {
    at: api.clock.now,
    outcome: 'ok',
    reason: 'acknowledged',
    status: 200,
    durationMs: 3,
    timings: { lookupMs: 1, connectMs: 0.5, headMs: 1, bodyMs: 0.5 },
    address: '93.184.215.14',
    isProbe: false,
    request: {
      method: 'POST',
      url: 'https://receiver.example/push',
      headers: { 'content-type': 'x' },
      bytes: 9,
    },
    response: { headers: { server: 'y' }, body: '{"code":0}' },
  };
}

function refused(): DeliveryAttempt {
  const { response: _, address: __, ...attempt } = acknowledged();
  return { ...attempt, outcome: 'retry', reason: 'dns-failure', isProbe: true };
}

describe('GET /api/v1/deliveries', () => {
  it('lists newest first, by endpoint and state, and pages', async () => {
    const { endpointId, lease, ids } = await cut(3);
    const [first = '', second = ''] = ids;
    await settle(lease, first, { kind: 'delivered' });
    await settle(lease, second, { kind: 'dead' });
    const page = await api.askJson<DeliveryPage>('/api/v1/deliveries');
    expect([...Value.Errors(DeliveryPage, page)]).toEqual([]);
    expect(page.items.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(page.items.map(({ state }) => state)).toEqual(['pending', 'dead', 'delivered']);
    const dead = await client().deliveries.list({ endpointId, state: 'dead' });
    expect(dead.items).toMatchObject([{ id: second, endpointId, reason: 'dns-failure', count: 1 }]);
    const one = await client().deliveries.list({ endpointId, limit: 2 });
    const two = await client().deliveries.list({ endpointId, limit: 2, cursor: one.nextCursor ?? '' });
    expect([...one.items, ...two.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(two).not.toHaveProperty('nextCursor');
    expect((await client().deliveries.list({ endpointId: 'nobody' })).items).toEqual([]);
  });

  it('lists what holds one message of the journal', async () => {
    const { endpointId, lease, ids } = await cut(3);
    const [, second = ''] = ids;
    await settle(lease, second, { kind: 'dead' });
    for (const parameters of [{}, { endpointId }, { state: 'dead' as const }]) {
      const { items } = await client().deliveries.list({ seq: 2, ...parameters });
      expect(items.map(({ id }) => id)).toEqual([second]);
    }
    expect((await client().deliveries.list({ seq: 2, state: 'pending' })).items).toEqual([]);
    expect((await client().deliveries.list({ seq: Number.MAX_SAFE_INTEGER })).items).toEqual([]);
  });

  it.each(['state=lost', 'limit=501', 'callId=1', 'cursor=abc', 'seq=0', 'seq=x', 'seq=1e300'])(
    'refuses %s',
    async (query) => {
      expect((await api.ask(`/api/v1/deliveries?${query}`)).status).toBe(400);
    },
  );
});

describe('GET /api/v1/deliveries/{id}', () => {
  it('shows which messages are in it and every attempt', async () => {
    const { lease, ids } = await cut(1);
    const id = ids[0] ?? '';
    const nextAttemptAt = api.clock.now + 60_000;
    await settle(lease, id, { kind: 'retry', nextAttemptAt });
    const pending = await api.askJson<DeliveryDetail>(`/api/v1/deliveries/${id}`);
    expect([...Value.Errors(DeliveryDetail, pending)]).toEqual([]);
    expect(pending).toMatchObject({
      state: 'pending',
      webhookId: 'msg_0',
      nextAttemptAt: new Date(nextAttemptAt).toISOString(),
      seqs: [1],
      firstSeq: 1,
      lastSeq: 1,
    });
    expect(pending.attemptLog).toMatchObject([{ outcome: 'retry', reason: 'dns-failure', probe: true }]);
    await settle(lease, id, { kind: 'delivered' });
    const delivered = await api.askJson<DeliveryDetail>(`/api/v1/deliveries/${id}`);
    expect(delivered).toMatchObject({ state: 'delivered', deliveredAt: expect.any(String) });
    expect(delivered.attemptLog[1]).toEqual({
      at: new Date(api.clock.now).toISOString(),
      outcome: 'ok',
      reason: 'acknowledged',
      status: 200,
      durationMs: 3,
      timings: { lookupMs: 1, connectMs: 0.5, headMs: 1, bodyMs: 0.5 },
      address: '93.184.215.14',
      probe: false,
      request: {
        method: 'POST',
        url: 'https://receiver.example/push',
        headers: { 'content-type': 'x' },
        bytes: 9,
      },
      response: { headers: { server: 'y' }, body: '{"code":0}' },
    });
  });

  it('knows nothing of others', async () => {
    for (const id of ['nobody', 'd1', 'd99999999999999999999']) {
      const response = await api.ask(`/api/v1/deliveries/${id}`);
      expect(await response.json()).toMatchObject({ status: 404, code: 'delivery-unknown' });
    }
  });
});

describe('POST /api/v1/deliveries/{id}/replay', () => {
  it('makes a new delivery and leaves the old one as it is', async () => {
    const { lease, ids } = await cut(1);
    const id = ids[0] ?? '';
    await settle(lease, id, { kind: 'dead' });
    const before = api.sending.told.changes;
    const response = await api.ask(`/api/v1/deliveries/${id}/replay`, { method: 'POST' });
    expect(response.status).toBe(202);
    const again = (await response.json()) as DeliveryDetail;
    expect(again).toMatchObject({ state: 'pending', attempts: 0, count: 1, replayOf: id });
    expect(again.webhookId).not.toBe('msg_0');
    expect(api.sending.told.changes).toBe(before + 1);
    expect(await client().deliveries.get(id)).toMatchObject({ state: 'dead', replayedAs: again.id });
    expect((await client().deliveries.get(again.id)).seqs).toEqual([1]);
  });

  it('is refused while the delivery is on its way, or where there is none', async () => {
    const { ids } = await cut(1);
    const pending = await api.ask(`/api/v1/deliveries/${ids[0]}/replay`, { method: 'POST' });
    expect(await pending.json()).toMatchObject({ status: 409, code: 'delivery-pending' });
    const unknown = await api.ask('/api/v1/deliveries/nobody/replay', { method: 'POST' });
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'delivery-unknown' });
  });
});
