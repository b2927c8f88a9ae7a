import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { Replay, ReplayList } from '../../src/contract/replays.js';
import { attemptAt, dead, driveDispatch } from '../conformance/dispatch-driver.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
let endpointId: string;
beforeEach(async () => {
  api = await openTestApi();
  for (const callId of ['1^1', '2^2', '3^3', '4^4']) {
    await api.push([record(callId)]);
    api.clock.now += 60_000;
  }
  endpointId = (await client().endpoints.create({ url: 'https://receiver.example/push' })).id;
});
afterEach(() => api.close());

const client = () => createClient({ baseUrl: api.baseUrl, apiKey: administratorKey });

async function replay(body?: object) {
  const init = { method: 'POST', ...(body && { body: JSON.stringify(body) }) };
  const response = await api.ask(`/api/v1/endpoints/${endpointId}/replay`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** An instant, a number of minutes after the first message came. */
const after = (minutes: number) => new Date(api.clock.now - 240_000 + minutes * 60_000).toISOString();

/** Deliveries of one message each that died, two of a time-out and one of a refusal. */
async function killThree(): Promise<void> {
  const now = api.clock.now;
  const [served] = await api.store.dispatch.acquire({ now, until: now + 10_000, limit: 1 });
  if (!served) throw new Error('the endpoint is not free');
  const drive = driveDispatch(api.store);
  const cursor = served.endpoint.cursor;
  for (const [seq, reason] of ['timeout', 'request-refused', 'timeout'].entries()) {
    const delivery = await drive.cutOne(served.lease, cursor, [seq + 1]);
    const attempt = attemptAt(now, { reason: reason as 'timeout' });
    await drive.settle(served.lease, delivery, dead, { attempt });
  }
}

describe('POST /api/v1/endpoints/{id}/replay', () => {
  it('sends all dead deliveries again where it is not told what', async () => {
    for (const body of [undefined, {}, { dead: true }, { missed: false }]) {
      const { status, body: made } = await replay(body);
      expect([...Value.Errors(Replay, made)]).toEqual([]);
      expect([status, made]).toMatchObject([202, { endpointId, kind: 'dead', total: 0, done: 0 }]);
    }
    expect(api.sending.told.changes).toBe(5);
  });

  it('sends what died of one reason, tells of it, and counts it first', async () => {
    await killThree();
    const reason = 'timeout';
    expect(await client().endpoints.previewReplay(endpointId, { reason })).toEqual({
      deliveries: 2,
      messages: 2,
    });
    const { status, body: made } = await replay({ dead: true, reason });
    expect([...Value.Errors(Replay, made)]).toEqual([]);
    expect([status, made]).toMatchObject([
      202,
      { kind: 'dead', reason, state: 'running', total: 2, done: 0 },
    ]);
    expect(await client().replays.list({ endpointId })).toEqual({ items: [made] });
    const { items } = await client().audit.list({ action: 'endpoint.replayed' });
    const selection = { kind: 'dead', reason };
    expect(items).toMatchObject([{ subject: { id: endpointId }, detail: { replay: made['id'], selection } }]);
    expect((await replay()).body).not.toHaveProperty('reason');
  });

  it('names the reasons that there are to whoever asks for another', async () => {
    const { body } = await replay({ reason: 'time-out' });
    expect(body).toMatchObject({
      code: 'replay-invalid',
      detail: expect.stringMatching(/^`reason` must be one of .*\btimeout\b/),
    });
    const window = await replay({ reason: 'timeout', afterSeq: 1 });
    expect(window.body).toMatchObject({
      code: 'replay-invalid',
      detail: expect.stringContaining('`reason`'),
    });
  });

  it.each([
    [{ afterSeq: 1, untilSeq: 3 }, 1, 3, 'window'],
    [{ afterSeq: 2 }, 2, 4, 'window'],
    [{ untilSeq: 2 }, 0, 2, 'window'],
    [{ untilSeq: 99 }, 0, 4, 'window'],
    [{ missed: true }, 0, 4, 'missed'],
    [{ missed: true, afterSeq: 1 }, 1, 4, 'missed'],
  ])('sends the window %j again', async (body, afterSeq, untilSeq, kind) => {
    expect(await replay(body)).toMatchObject({
      status: 202,
      body: { kind, afterSeq, untilSeq, state: 'running', total: untilSeq - afterSeq, done: 0, messages: 0 },
    });
  });

  it('reads a window of time by receipt, its end exclusive', async () => {
    expect((await replay({ from: after(1), to: after(3) })).body).toMatchObject({ afterSeq: 1, untilSeq: 3 });
    expect((await replay({ from: after(0.5) })).body).toMatchObject({ afterSeq: 1, untilSeq: 4 });
    expect((await replay({ to: after(1) })).body).toMatchObject({ afterSeq: 0, untilSeq: 1 });
    expect((await replay({ from: after(60) })).body).toMatchObject({ state: 'done', total: 0 });
  });

  it.each([
    [{ dead: false }, 'replay-invalid'],
    [{ dead: true, afterSeq: 1 }, 'replay-invalid'],
    [{ from: '2025-05-22T00:00:00Z', afterSeq: 1 }, 'replay-invalid'],
    [{ from: '2025-05-22T00:00:00Z', to: '2025-05-21T00:00:00Z' }, 'replay-invalid'],
    [{ afterSeq: 3, untilSeq: 3 }, 'replay-invalid'],
    [{ afterSeq: -1 }, 'replay-invalid'],
    [{ afterSeq: 1.5 }, 'replay-invalid'],
    [{ untill: 3 }, 'replay-invalid'],
    [{ reason: 7 }, 'replay-invalid'],
    [{ reason: 'nonsense', preview: true }, 'replay-invalid'],
    [{ reason: 'timeout', dead: false }, 'replay-invalid'],
    [{ reason: 'timeout', missed: true }, 'replay-invalid'],
    [{ reason: 'timeout', from: '2025-05-22T00:00:00Z' }, 'replay-invalid'],
    [{ from: '2025-05-22T00:00:00' }, 'parameter-invalid'],
    [[], 'body-invalid'],
  ])('refuses %j', async (body, code) => {
    expect(await replay(body)).toMatchObject({ status: 400, body: { code } });
    expect(await api.store.replays.list(endpointId)).toEqual([]);
  });

  it('takes no upload for a request without a body', async () => {
    const body = new FormData();
    body.set('missed', 'true');
    const response = await api.ask(`/api/v1/endpoints/${endpointId}/replay`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ status: 400, code: 'body-invalid' });
    expect(await api.store.replays.list(endpointId)).toEqual([]);
  });

  it('counts, and sends nothing, where a preview is asked for', async () => {
    expect(await replay({ preview: true })).toEqual({ status: 200, body: { deliveries: 0, messages: 0 } });
    const window = await client().endpoints.previewReplay(endpointId, { missed: true, afterSeq: 1 });
    expect(window).toEqual({ messages: 42 });
    const selection = { kind: 'window', afterSeq: 1, untilSeq: 4, missed: true };
    expect(api.sending.told.previews).toEqual([{ endpointId, selection }]);
    expect(await api.store.replays.list(endpointId)).toEqual([]);
    expect(api.sending.told.changes).toBe(1);
  });

  it('knows only endpoints that there are', async () => {
    const response = await api.ask('/api/v1/endpoints/nobody/replay', { method: 'POST' });
    expect(await response.json()).toMatchObject({ status: 404, code: 'endpoint-unknown' });
  });
});

describe('replays', () => {
  it('are listed newest first, told one by one, and cancelled', async () => {
    const first = await client().endpoints.replay(endpointId, { missed: true });
    const second = await client().endpoints.replay(endpointId, { afterSeq: 2 });
    const list = await client().replays.list({ endpointId });
    expect([...Value.Errors(ReplayList, list)]).toEqual([]);
    expect(list.items).toEqual([second, first]);
    const cancelled = await client().replays.cancel(first.id);
    expect(cancelled).toMatchObject({ id: first.id, state: 'cancelled', endedAt: expect.any(String) });
    expect(await client().replays.cancel(first.id)).toEqual(cancelled);
    expect(await client().replays.get(first.id)).toEqual(cancelled);
  });

  it('tell how far they are', async () => {
    const { id } = await client().endpoints.replay(endpointId, { missed: true });
    const now = api.clock.now;
    const [served] = await api.store.dispatch.acquire({ now, until: now + 10_000, limit: 1 });
    const lease = served?.lease;
    if (!lease) throw new Error('the endpoint is not free');
    const step = { lease, replayId: id, repeats: [], now };
    const batches = [{ webhookId: 'msg_x', seqs: [1, 2] }];
    await api.store.dispatch.cutReplay({ ...step, position: 3, batches, isDone: false });
    expect(await client().replays.get(id)).toMatchObject({ done: 3, total: 4, deliveries: 1, messages: 2 });
    await api.store.dispatch.cutReplay({ ...step, position: 4, batches: [], isDone: true });
    expect(await client().replays.get(id)).toMatchObject({ state: 'done', done: 4, total: 4 });
  });

  it('need to be told of which endpoint, and are unknown where there are none', async () => {
    const without = await api.ask('/api/v1/replays');
    expect(await without.json()).toMatchObject({
      status: 400,
      code: 'parameter-invalid',
      detail: expect.stringContaining('`endpointId`'),
    });
    for (const path of ['/api/v1/replays/nobody', '/api/v1/replays/nobody/cancel']) {
      const method = path.endsWith('cancel') ? 'POST' : 'GET';
      const response = await api.ask(path, { method });
      expect(await response.json()).toMatchObject({ status: 404, code: 'replay-unknown' });
    }
  });
});
