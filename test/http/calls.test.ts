import { Value } from 'typebox/value';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallDetail, CallPage, type Call } from '../../src/contract/calls.js';
import { createClient } from '../../src/contract/client.js';
import { namesOfEveryObject } from '../support/names-of-every-object.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const idsOf = (page: CallPage) => page.items.map(({ callId }) => callId);
const find = async (query: string) => idsOf(await api.askJson<CallPage>(`/api/v1/calls?${query}`));

describe('GET /api/v1/calls', () => {
  it('lists calls newest first, as the contract describes them', async () => {
    await api.push([record('1^1'), record('2^2', { startTime: '2025-05-22 13:00:00' })]);
    const page = await api.askJson<CallPage>('/api/v1/calls');
    expect(idsOf(page)).toEqual(['2^2', '1^1']);
    expect([...Value.Errors(CallPage, page)]).toEqual([]);
    expect(page.items[1]).toMatchObject({
      callId: '1^1',
      taskId: '118',
      startTime: '2025-05-22 12:29:20',
      startAt: '2025-05-22T04:29:20.000Z',
      endAt: '2025-05-22T04:31:31.000Z',
      durationSeconds: 125,
      flags: [],
      at: '2025-05-22T04:29:20.000Z',
      firstReceivedAt: '2025-05-22T05:00:00.000Z',
    });
    expect(page).not.toHaveProperty('nextCursor');
    expect(JSON.stringify(page)).not.toMatch(/null|Signature|secret/);
  });

  it('shows calls whose ids are names that every object has, with their tags', async () => {
    await api.push(namesOfEveryObject.map((callId) => record(callId, { recordFile: 'x' })));
    expect(idsOf(await api.askJson<CallPage>('/api/v1/calls')).sort()).toEqual(
      [...namesOfEveryObject].sort(),
    );
    for (const callId of namesOfEveryObject) {
      const path = `/api/v1/calls/${encodeURIComponent(callId)}`;
      expect(await api.askJson<CallDetail>(path)).not.toHaveProperty('tags');
      const put = await api.ask(`${path}/tags/odd`, { method: 'PUT' });
      expect(put.status).toBeLessThan(300);
      expect((await api.askJson<CallDetail>(path)).tags).toEqual(['odd']);
    }
  });

  it('makes a call of a record that came without a link', async () => {
    const { recordFile: _, ...fields } = record('1^1');
    await api.push([fields]);
    const [call] = (await api.askJson<CallPage>('/api/v1/calls')).items;
    expect(call).toMatchObject({ callId: '1^1', durationSeconds: 125, recordings: [], flags: [] });
  });

  it('gives every call once over pages of any size', async () => {
    await api.push(Array.from({ length: 23 }, (_, index) => record(`${index}^0`)));
    for (const limit of [1, 5, 23, 50]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query: string = cursor === undefined ? '' : `&cursor=${cursor}`;
        const page = await api.askJson<CallPage>(`/api/v1/calls?limit=${limit}${query}`);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...idsOf(page));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(23);
      expect(seen).toHaveLength(23);
    }
  });

  it('filters by each id, by duration and by state', async () => {
    const ids = { detailId: 'd1', batchId: 'b1', outId: 'o1', duration: 5 };
    await api.push([record('1^1', { ...ids, taskId: '12345678901234567890' }), record('2^2')]);
    for (const query of [
      'callId=1^1',
      'callId=1%5E1',
      'taskId=12345678901234567890',
      'detailId=d1',
      'batchId=b1',
      'outId=o1',
      'maxDuration=124',
      'maxDuration=5&minDuration=5',
    ]) {
      expect([query, await find(query)]).toEqual([query, ['1^1']]);
    }
    expect(await find('minDuration=6')).toEqual(['2^2']);
    expect(await find('state=pending')).toHaveLength(2);
    expect(await find('state=archived')).toEqual([]);
    expect(await find('taskId=118&detailId=d1')).toEqual([]);
  });

  it('takes from as inclusive and to as exclusive, with any offset', async () => {
    await api.push([record('1^1')]);
    expect(await find('from=2025-05-22T12:29:20%2B08:00')).toEqual(['1^1']);
    expect(await find('from=2025-05-22T12:29:20+08:00')).toEqual(['1^1']);
    expect(await find('from=2025-05-22T04:29:20.001Z')).toEqual([]);
    expect(await find('to=2025-05-22T04:29:20Z')).toEqual([]);
    expect(await find('to=2025-05-22T04:29:20.001Z')).toEqual(['1^1']);
  });

  it('finds by q a whole id or one half of a callId, and nothing else', async () => {
    await api.push([record('100^200', { outId: 'out-7' }), record('300^400')]);
    expect(await find('q=100')).toEqual(['100^200']);
    expect(await find('q=200')).toEqual(['100^200']);
    expect(await find('q=100%5E200')).toEqual(['100^200']);
    expect(await find('q=out-7')).toEqual(['100^200']);
    expect(await find('q=10')).toEqual([]);
  });
});

describe('GET /api/v1/calls/{callId}', () => {
  it('shows the messages exactly as received', async () => {
    const odd =
      '{"callId":"1^1", "recordFile":"http://h.oss.aliyuncs.com/a.wav?Signature=x%2B","n":1.10,"e":1E400,"z":-0,"big":12345678901234567890,"s":"\\ud800","nul":"\\u0000"}';
    await api.push(`[${odd}]`);
    const response = await api.ask('/api/v1/calls/1%5E1');
    const text = await response.text();
    expect(text).toContain(`"message":${odd}}`);
    const detail: unknown = JSON.parse(text);
    expect([...Value.Errors(CallDetail, detail)]).toEqual([]);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('finds a callId of any characters', async () => {
    const odd = ['1^2', 'a/b', 'a b', '%', '%2F', '?', '#', '..', 'é录音😀', '"\\', ';x=1', '+', 'a'];
    await api.push(odd.map((callId) => record(callId)));
    for (const callId of odd.filter((id) => id !== '..')) {
      const call = await api.askJson<Call>(`/api/v1/calls/${encodeURIComponent(callId)}`);
      expect(call.callId).toBe(callId);
    }
    const dots = await rawGet('/api/v1/calls/%2E%2E');
    expect(dots).toContain('"callId":".."');
  });

  it('takes ^ in a path as it is and as %5E', async () => {
    await api.push([record('100^200')]);
    for (const path of ['100^200', '100%5E200', '100%5e200']) {
      expect(await rawGet(`/api/v1/calls/${path}`)).toContain('"callId":"100^200"');
    }
  });

  it('finds a callId of up to 4 KiB', async () => {
    const callId = '长^'.repeat(1_024);
    await api.push([record(callId)]);
    const call = await createClient({ baseUrl: api.baseUrl, apiKey: administratorKey }).calls.get(callId);
    expect(call.callId).toBe(callId);
  });

  it('decodes a path once, and exactly', async () => {
    const asked: string[] = [];
    const listening = await openTestApi({
      calls: {
        calls: {
          ...api.store.calls,
          get: async (callId) => {
            asked.push(callId);
            return undefined;
          },
        },
      },
    });
    const anyId = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyId, fc.constantFrom('%00', '\u0000', '%', '/', '%2F')), async (callId) => {
        fc.pre(!/^\.{1,2}$/.test(callId));
        await listening.ask(`/api/v1/calls/${encodeURIComponent(callId)}`);
        expect(asked.pop()).toBe(callId);
      }),
      { numRuns: 200 },
    );
    await listening.close();
  });

  it('says which call is unknown by its code, and refuses a path that is no UTF-8', async () => {
    const unknown = await api.ask('/api/v1/calls/nobody');
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'call-unknown' });
    const broken = await api.ask('/api/v1/calls/%ff');
    expect(await broken.json()).toMatchObject({ status: 400, code: 'bad-request' });
  });

  it('answers HEAD with the headers of GET', async () => {
    await api.push([record('1^1')]);
    const head = await api.ask('/api/v1/calls/1%5E1', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
  });
});

function rawGet(path: string): Promise<string> {
  const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${administratorKey}\r\n`;
  return api.askRaw(`${head}Connection: close\r\n\r\n`);
}
