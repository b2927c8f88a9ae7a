import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiProblem, createClient } from '../../src/contract/client.js';
import { dead, driveDispatch } from '../conformance/dispatch-driver.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const client = () => createClient({ baseUrl: api.baseUrl, apiKey: administratorKey });
const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => (error instanceof ApiProblem ? `${error.status} ${error.code}` : error),
  );

async function lose(callId: string): Promise<string> {
  await api.push([record(callId)]);
  const now = api.clock.now;
  const claim = { now, leaseMs: 1_000, limit: 9, perHost: 9, running: {} };
  for (const { id, generation } of await api.store.downloads.claim(claim)) {
    await api.store.downloads.settle({ id, generation, now, verdict: { kind: 'lost', reason: 'expired' } });
  }
  const [recording] = (await client().recordings.list({ callId })).items;
  return recording?.id ?? '';
}

const lastAct = async () => (await api.store.auditLogReader.list({ limit: 1 })).items[0];

describe('acknowledging', () => {
  it('keeps who said that a recording will not come any more, and why, beside it and in the audit log', async () => {
    const [id, other] = [await lose('1^1'), await lose('2^2')];
    const acknowledged = await client().recordings.acknowledge(id, { reason: ' no copy is left ' });
    const said = { reason: 'no copy is left', at: new Date(api.clock.now).toISOString() };
    expect(acknowledged).toMatchObject({ id, state: 'lost', acknowledged: said });
    expect(acknowledged.acknowledged?.by.name).toBeDefined();
    expect(await client().recordings.get(id)).toMatchObject({ acknowledged: said });
    const left = await client().recordings.list({ state: 'lost', acknowledged: 'no' });
    expect(left.items.map((each) => each.id)).toEqual([other]);
    expect((await client().recordings.list({ state: 'lost' })).items).toHaveLength(2);
    expect(await lastAct()).toMatchObject({
      action: 'recording.acknowledged',
      subject: { kind: 'recording', id },
      detail: { reason: 'no copy is left' },
    });
  });

  it('takes a dead delivery out of what waits', async () => {
    const endpoint = await client().endpoints.create({ url: 'https://receiver.example/push' });
    await api.push([record('1^1')]);
    const drive = driveDispatch(api.store);
    const lease = (await drive.acquire(api.clock.now))[0]?.lease;
    if (!lease) throw new Error('the endpoint is free');
    const id = await drive.conclude(lease, 0, [1], dead);
    expect((await client().endpoints.get(endpoint.id)).deliveries.dead).toBe(1);
    expect(await client().deliveries.acknowledge(id, { reason: 'sent by mail' })).toMatchObject({
      state: 'dead',
      acknowledged: { reason: 'sent by mail' },
    });
    expect((await client().endpoints.get(endpoint.id)).deliveries.dead).toBe(0);
    expect((await client().deliveries.list({ waiting: 'yes' })).items).toEqual([]);
    expect((await client().deliveries.list({ state: 'dead' })).items).toMatchObject([
      { id, acknowledged: { reason: 'sent by mail' } },
    ]);
    expect(await lastAct()).toMatchObject({
      action: 'delivery.acknowledged',
      detail: { reason: 'sent by mail' },
    });
    await client().deliveries.replay(id);
    expect(await codeOf(client().deliveries.acknowledge(id, { reason: 'x' }))).toBe(
      '409 delivery-not-waiting',
    );
  });

  it('wants a reason, and something to acknowledge', async () => {
    const id = await lose('1^1');
    for (const reason of ['', '  ', 'x'.repeat(1_001)]) {
      expect(await codeOf(client().recordings.acknowledge(id, { reason }))).toBe('400 body-invalid');
    }
    await client().recordings.retry(id);
    expect(await codeOf(client().recordings.acknowledge(id, { reason: 'x' }))).toBe('409 recording-not-lost');
    expect(await codeOf(client().recordings.acknowledge('r99', { reason: 'x' }))).toBe(
      '404 recording-unknown',
    );
    expect(await codeOf(client().deliveries.acknowledge('d99', { reason: 'x' }))).toBe(
      '404 delivery-unknown',
    );
  });
});
