import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiProblem, createClient } from '../../src/contract/client.js';
import { QuarantineDetail, QuarantineKindList, QuarantinePage } from '../../src/contract/quarantine.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const list = (query = '') => api.askJson<QuarantinePage>(`/api/v1/quarantine${query}`);

async function onlyItem() {
  const [item] = (await list()).items;
  if (!item) throw new Error('quarantine is empty');
  return item;
}

const retry = (id: string, init: RequestInit = {}) =>
  api.ask(`/api/v1/quarantine/${id}/retry`, { method: 'POST', ...init });

const asJson = (body: unknown): RequestInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('GET /api/v1/quarantine', () => {
  it('lists items newest first, and one with its bytes as they came', async () => {
    const hostile = '[{"n":1.10}, nonsense \u0000';
    await api.push([{ no: 'id' }]);
    await api.push(hostile);
    const page = await list();
    expect([...Value.Errors(QuarantinePage, page)]).toEqual([]);
    expect(page.items.map(({ reason }) => reason)).toEqual(['not-json', 'no-call-id']);
    const id = page.items[0]?.id ?? '';
    const detail = await api.askJson<QuarantineDetail>(`/api/v1/quarantine/${id}`);
    expect([...Value.Errors(QuarantineDetail, detail)]).toEqual([]);
    expect(Buffer.from(detail.body, 'base64').toString()).toBe(hostile);
    expect(detail).toMatchObject({ bytes: Buffer.byteLength(hostile), source: 'default' });
  });

  it('pages', async () => {
    await api.push([1, 2, 3]);
    const one = await list('?limit=2');
    const two = await list(`?limit=2&cursor=${one.nextCursor}`);
    expect([one.items.length, two.items.length, two.nextCursor]).toEqual([2, 1, undefined]);
    expect(new Set([...one.items, ...two.items].map(({ id }) => id)).size).toBe(3);
  });
});

describe('POST /api/v1/quarantine/{id}/retry', () => {
  const corrected = JSON.stringify([record('7^7')]);

  it.each([
    ['base64 in JSON', asJson({ body: Buffer.from(corrected).toString('base64') })],
    ['text in JSON', asJson({ body: corrected })],
    ['JSON in JSON', asJson({ body: [record('7^7')] })],
    ['JSON itself', asJson([record('7^7')])],
    ['plain text', { headers: { 'content-type': 'text/plain' }, body: corrected }],
    ['no content type', { body: Buffer.from(corrected) }],
  ])('takes a corrected body as %s', async (_form, init) => {
    await api.push('[{"callId":"7^7",');
    const { id } = await onlyItem();
    const response = await retry(id, init);
    expect([response.status, await response.json()]).toEqual([200, { messages: 1, duplicates: 0 }]);
    expect((await list()).items).toEqual([]);
    expect((await api.ask(`/api/v1/quarantine/${id}`)).status).toBe(404);
    expect(await api.store.journal.ofCall('7^7')).toHaveLength(1);
  });

  it('keeps every digit of what is corrected', async () => {
    await api.push('[broken');
    const { id } = await onlyItem();
    const message = '{"callId":"8^8","recordFile":"","n":1.10,"big":12345678901234567890}';
    await retry(id, { headers: { 'content-type': 'application/json' }, body: `{"body": [${message}]}` });
    expect((await api.store.journal.ofCall('8^8')).map(({ text }) => text)).toEqual([message]);
  });

  it('leaves an item that is still no message where it is', async () => {
    await api.push([{ no: 'id' }]);
    const { id } = await onlyItem();
    for (const init of [{}, asJson({}), asJson({ body: 'AAAA' }), asJson({ body: null })]) {
      const response = await retry(id, init);
      expect([response.status, await response.json()]).toMatchObject([
        422,
        { code: 'quarantine-still-unreadable' },
      ]);
    }
    expect((await onlyItem()).id).toBe(id);
  });

  it.each([
    asJson({ body: 'neither text nor base64!' }),
    asJson({ body: 7 }),
    asJson({ bodi: 'AAAA' }),
    asJson(7),
  ])('refuses a body that is none', async (init) => {
    await api.push('[');
    const response = await retry((await onlyItem()).id, init);
    expect(await response.json()).toMatchObject({ status: 400, code: 'body-invalid' });
  });
});

describe('DELETE /api/v1/quarantine/{id}', () => {
  it('is final', async () => {
    const client = createClient({ baseUrl: api.baseUrl, apiKey: administratorKey });
    await api.push('nonsense');
    const { id } = await onlyItem();
    const response = await api.ask(`/api/v1/quarantine/${id}`, { method: 'DELETE' });
    expect([response.status, await response.text()]).toEqual([204, '']);
    for (const again of [
      () => client.quarantine.discard(id),
      () => client.quarantine.get(id),
      () => client.quarantine.retry(id),
    ]) {
      await expect(again()).rejects.toThrow(ApiProblem);
    }
    expect((await api.ask(`/api/v1/quarantine/${id}`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('many items at once', () => {
  const act = async (what: 'discard' | 'retry', choice: object) => {
    const answer = await api.ask(`/api/v1/quarantine/${what}`, { method: 'POST', ...asJson(choice) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('are found and counted by reason, source and time', async () => {
    await api.push([{}, 5, 6]);
    expect((await list('?reason=not-an-object')).items).toHaveLength(2);
    expect((await list('?source=nobody')).items).toEqual([]);
    const { receivedAt } = await onlyItem();
    const at = encodeURIComponent(receivedAt);
    expect((await list(`?from=${at}`)).items).toHaveLength(3);
    expect((await list(`?to=${at}`)).items).toEqual([]);
    expect((await api.ask('/api/v1/quarantine?from=yesterday')).status).toBe(400);
    const kinds = await api.askJson('/api/v1/quarantine/kinds');
    expect([...Value.Errors(QuarantineKindList, kinds)]).toEqual([]);
    expect(kinds).toEqual({
      items: [
        { source: 'default', reason: 'not-an-object', count: 2, bytes: 2 },
        { source: 'default', reason: 'no-call-id', count: 1, bytes: 2 },
      ],
    });
  });

  it('are deleted for good', async () => {
    await api.push([{}, ...Array.from({ length: 700 }, (_, index) => index)]);
    expect(await act('discard', { reason: 'not-an-object' })).toEqual({
      status: 200,
      body: { items: 700, bytes: 10 + 2 * 90 + 3 * 600, hasMore: false },
    });
    expect((await list()).items.map(({ reason }) => reason)).toEqual(['no-call-id']);
    expect(await act('discard', { all: true })).toMatchObject({ body: { items: 1 } });
  });

  it('are sorted again, page by page, and those that are still no message stay', async () => {
    await api.push([...Array.from({ length: 120 }, () => ({})), 5]);
    const first = await act('retry', { reason: 'no-call-id' });
    expect(first.body).toMatchObject({ items: 0, unreadable: 100, nextCursor: expect.any(String) as string });
    const second = await act('retry', { reason: 'no-call-id', cursor: first.body['nextCursor'] });
    expect(second.body).toEqual({ items: 0, messages: 0, duplicates: 0, unreadable: 20 });
    expect((await api.askJson<QuarantineKindList>('/api/v1/quarantine/kinds')).items).toHaveLength(2);
  });

  it('are named, or else all: an empty choice is refused', async () => {
    await api.push([{}]);
    for (const choice of [{}, { all: false }, { all: true, reason: 'x' }, { reasons: 'x' }, { from: 'x' }]) {
      expect((await act('discard', choice)).status).toBe(400);
      expect((await act('retry', choice)).status).toBe(400);
    }
    expect((await list()).items).toHaveLength(1);
  });
});
