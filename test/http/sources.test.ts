import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Value } from 'typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contract/problem.js';
import type { SourceList } from '../../src/contract/sources.js';
import { SamplePush, Source } from '../../src/contract/sources.js';
import { openTestApi, publicUrl, sha256, type TestApi } from './open-test-api.js';
import { pushToken } from './operating-deps.js';

let api: TestApi;
afterEach(() => api.close());

async function codeOf(response: Response): Promise<unknown> {
  return [response.status, ((await response.json()) as Problem).code];
}

function pathOf({ pushUrl = '' }: Source): string {
  return pushUrl.slice(publicUrl.length);
}

const nameOf = (path: string): unknown => api.operating.registry.readPath(path);

async function create(name: string): Promise<Source> {
  return await api.askJson<Source>('/api/v1/sources', { method: 'POST', body: JSON.stringify({ name }) });
}

describe('sources', () => {
  it('have a push URL each, which is valid at once and unknown once they are removed', async () => {
    api = await openTestApi();
    const east = await create('east');
    expect([...Value.Errors(Source, east)]).toEqual([]);
    expect(nameOf(pathOf(east))).toEqual({ kind: 'source', source: 'east' });
    const { items } = await api.askJson<SourceList>('/api/v1/sources');
    expect(items.map(({ name, isFixed, pushes }) => [name, isFixed, pushes])).toEqual([
      ['default', false, 0],
      ['east', false, 0],
    ]);
    expect(items[0]?.pushUrl).toBe(`${publicUrl}/push/${pushToken}`);

    expect((await api.ask(`/api/v1/sources/${east.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(nameOf(pathOf(east))).toEqual({ kind: 'wrong-token' });
    expect(await codeOf(await api.ask(`/api/v1/sources/${east.id}`, { method: 'DELETE' }))).toEqual([
      404,
      'source-unknown',
    ]);
  });

  it('are rotated: the URL there was works on for a while', async () => {
    api = await openTestApi();
    const before = await create('east');
    const init = { method: 'POST', body: JSON.stringify({ overlapSeconds: 60 }) };
    const after = await api.askJson<Source>(`/api/v1/sources/${before.id}/rotate`, init);
    expect(after.pushUrl).not.toBe(before.pushUrl);
    expect(after.previousUntil).toBe('2025-05-22T05:01:00.000Z');
    for (const source of [before, after]) expect(nameOf(pathOf(source))).toMatchObject({ source: 'east' });
    api.clock.now += 60_000;
    expect(nameOf(pathOf(before))).toEqual({ kind: 'wrong-token' });
    expect(nameOf(pathOf(after))).toMatchObject({ source: 'east' });
    expect((await api.askJson<SourceList>('/api/v1/sources')).items[1]).not.toHaveProperty('previousUntil');
  });

  it('the default one is rotated like any other, and its file with it', async () => {
    api = await openTestApi();
    const dataDir = join(dirname(api.recordings), 'data');
    const rotated = await api.askJson<Source>('/api/v1/sources/default/rotate', { method: 'POST' });
    expect(rotated).toMatchObject({ id: 'default', name: 'default', isFixed: false });
    for (const path of [`/push/${pushToken}`, pathOf(rotated)]) {
      expect(nameOf(path)).toEqual({ kind: 'source', source: 'default' });
    }
    expect(readFileSync(join(dataDir, 'push-token'), 'utf8').trim()).toBe(
      pathOf(rotated).slice('/push/'.length),
    );
    expect(statSync(join(dataDir, 'sources.json')).mode & 0o777).toBe(0o600);
    // At once, where somebody else has learnt it.
    const now = { method: 'POST', body: JSON.stringify({ overlapSeconds: 0 }) };
    await api.askJson('/api/v1/sources/default/rotate', now);
    expect(nameOf(pathOf(rotated))).toEqual({ kind: 'wrong-token' });
    expect(await codeOf(await api.ask('/api/v1/sources/default', { method: 'DELETE' }))).toEqual([
      409,
      'source-default',
    ]);
  });

  it.each(['default', 'earshot', 'demo'])('are not called %s', async (name) => {
    api = await openTestApi();
    const response = await api.ask('/api/v1/sources', { method: 'POST', body: JSON.stringify({ name }) });
    expect(await codeOf(response)).toEqual([409, 'source-name-taken']);
  });

  it('show their URLs to administrators alone, and tell the audit log no token', async () => {
    api = await openTestApi();
    const east = await create('east');
    const key = 'key-of-an-operator-0123';
    await api.store.apiKeys.add({
      ...{ name: 'operator', hash: sha256(key), scopes: ['view', 'operate'], createdAt: api.clock.now },
    });
    const asOperator = { headers: { authorization: `Bearer ${key}` } };
    const list = (await (await api.ask('/api/v1/sources', asOperator)).json()) as SourceList;
    expect(list.items.map((source) => source.pushUrl)).toEqual([undefined, undefined]);
    expect(
      (await api.ask(`/api/v1/sources/${east.id}/rotate`, { ...asOperator, method: 'POST' })).status,
    ).toBe(403);
    const { items } = await api.store.auditLogReader.list({ limit: 10 });
    expect(items.map(({ action }) => action)).toContain('source.created');
    expect(JSON.stringify([items, api.logLines])).not.toContain(pathOf(east).slice('/push/'.length));
  });

  it('are counted: what is kept already and what is on its way', async () => {
    api = await openTestApi();
    const { figures } = api.operating;
    figures.pushed('default');
    await figures.flush();
    api.clock.now += 1_000;
    figures.pushed('default');
    const { items } = await api.askJson<SourceList>('/api/v1/sources');
    expect(items[0]).toMatchObject({ pushes: 2, lastPushAt: '2025-05-22T05:00:01.000Z' });
  });

  it('are pushed the sample over HTTP', async () => {
    api = await openTestApi();
    api.operating.near.url = api.baseUrl;
    const answer = await api.askJson<SamplePush>('/api/v1/sources/default/push-sample', { method: 'POST' });
    expect([...Value.Errors(SamplePush, answer)]).toEqual([]);
    // The intake of these tests answers with the path.
    expect(JSON.parse(answer.body)).toEqual({ code: 0, msg: `/push/${pushToken}` });
    api.operating.near.url = 'http://127.0.0.1:9';
    expect(await codeOf(await api.ask('/api/v1/sources/default/push-sample', { method: 'POST' }))).toEqual([
      502,
      'push-unanswered',
    ]);
  });

  it('have limits, which are changed one by one and told with what was sent today', async () => {
    api = await openTestApi();
    const change = (id: string, body: unknown) =>
      api.ask(`/api/v1/sources/${id}`, { method: 'PATCH', body: JSON.stringify(body) });
    const changed = async (body: unknown) => (await (await change('default', body)).json()) as Source;
    const hosts = ['records.oss-cn-hangzhou.aliyuncs.com'];
    const limited = await changed({ pushBytesPerDay: 100, recordingHosts: hosts });
    expect([...Value.Errors(Source, limited)]).toEqual([]);
    expect(limited).toMatchObject({ pushBytesPerDay: 100, recordingHosts: hosts, today: { pushBytes: 0 } });
    const { days, registry } = api.operating;
    expect([days.take('default', 60), days.take('default', 60)]).toEqual([true, false]);
    const raised = await changed({ pushBytesPerDay: 120 });
    expect(raised).toMatchObject({
      ...{ pushBytesPerDay: 120, recordingHosts: hosts, today: { pushBytes: 60, refusedPushes: 1 } },
    });
    expect(days.take('default', 60)).toBe(true);
    const freed = await changed({ pushBytesPerDay: null, recordingHosts: null });
    expect(freed).not.toHaveProperty('pushBytesPerDay');
    expect(freed).not.toHaveProperty('recordingHosts');
    expect(registry.limitOf('default')).toEqual({});

    for (const body of [{}, { pushBytesPerDay: 0 }, { recordingHosts: [] }, { recordingHosts: ['a/b'] }]) {
      expect(await codeOf(await change('default', body))).toEqual([400, 'body-invalid']);
    }
    expect(await codeOf(await change('nothing', { pushBytesPerDay: 1 }))).toEqual([404, 'source-unknown']);
    const { items } = await api.store.auditLogReader.list({ limit: 10, action: 'source.limited' });
    expect(items.map(({ detail }) => detail)).toContainEqual({ name: 'default', pushBytesPerDay: 120 });
  });
});
