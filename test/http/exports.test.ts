import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/contract/calls.js';
import type { Export, ExportPage } from '../../src/contract/exports.js';
import type { Right } from '../../src/domain/rights.js';
import { Exporter } from '../../src/export/exporter.js';
import { toCallJson } from '../../src/http/call-json.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

let api: TestApi;
let told: number;
beforeEach(async () => {
  told = 0;
  api = await openTestApi({ exports: { onJobsChanged: () => told++ } });
  await api.push([record('1^1'), record('2^2', { taskId: '7' })]);
});
afterEach(() => api.close());

/** What the export thread does when it is told. */
async function make(): Promise<void> {
  const exporter = new Exporter({
    ...{ calls: api.store.calls, tags: api.store.tags, jobs: api.store.jobWork, storage: api.assets },
    ...{
      toJson: toCallJson,
      timeZone: 'Asia/Shanghai',
      clock: () => api.clock.now,
      log: api.parts.server.logger,
    },
    stopwatch: () => performance.now(),
    settings: { leaseMs: 15_000, tickMs: 100, keepMs: 1_000 },
  });
  while (await exporter.step(new AbortController().signal));
  await exporter.expire();
}

async function keyWith(...scopes: Right[]): Promise<RequestInit> {
  const key = `key-with-${scopes.join('-')}`;
  await api.store.apiKeys.add({ name: key, hash: sha256(key), scopes, createdAt: api.clock.now });
  return { headers: { authorization: `Bearer ${key}` } };
}

const order = (request: object): RequestInit => ({ method: 'POST', body: JSON.stringify(request) });
const create = (request: object, init: RequestInit = {}) =>
  api.askJson<Export>('/api/v1/exports', { ...order(request), ...init });
const actions = async () =>
  (await api.store.auditLogReader.list({ limit: 100 })).items.map(({ action }) => action);

async function archive(callId: string): Promise<void> {
  const call = await api.askJson<Call>(`/api/v1/calls/${encodeURIComponent(callId)}`);
  for (const recording of call.recordings)
    await api.archive(recording, Buffer.from(`audio of ${callId}`), `2025-05-22/${recording.id}.wav`);
}

describe('an export', () => {
  it('is asked for, made, and downloaded whole and in part, each told in the audit log', async () => {
    const asked = await api.ask('/api/v1/exports', order({ format: 'csv', filter: { taskId: '118' } }));
    expect(asked.status).toBe(202);
    const { id, ...created } = (await asked.json()) as Export;
    expect(created).toEqual({
      ...{ format: 'csv', filter: { taskId: '118' }, state: 'waiting', isMine: true, done: 0, bytes: 0 },
      ...{ owner: "the administrator's key", createdAt: '2025-05-22T05:00:00.000Z' },
    });
    expect(told).toBe(1);
    await make();
    const made = await api.askJson<Export>(`/api/v1/exports/${id}`);
    expect(made).toMatchObject({
      state: 'done',
      done: 1,
      total: 1,
      fileName: 'earshot-calls-2025-05-22-0500Z.csv',
    });
    const file = await api.ask(`/api/v1/exports/${id}/file`);
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="earshot-calls-2025-05-22-0500Z.csv"',
      'content-length': String(made.bytes),
      etag: `"${sha256(bytes)}"`,
    });
    expect(made.sha256).toBe(sha256(bytes));
    expect(bytes.toString()).toMatch(/^\uFEFFCall ID,.*\r\n1\^1,118,/);
    const part = await api.ask(`/api/v1/exports/${id}/file`, { headers: { range: 'bytes=3-9' } });
    expect([part.status, await part.text()]).toEqual([206, 'Call ID']);
    expect((await actions()).filter((action) => action.startsWith('export.'))).toEqual([
      'export.downloaded',
      'export.downloaded',
      'export.created',
    ]);
  });

  it('of every format holds no link', async () => {
    for (const format of ['csv', 'jsonl', 'xlsx']) {
      const { id } = await create({ format, filter: {} });
      await make();
      const file = await (await api.ask(`/api/v1/exports/${id}/file`)).text();
      expect(file.length).toBeGreaterThan(100);
      expect(file).not.toContain('Signature');
    }
  });

  it('as JSON Lines has calls as the API gives them', async () => {
    const { id } = await create({ format: 'jsonl', filter: {} });
    await make();
    const lines = (await (await api.ask(`/api/v1/exports/${id}/file`)).text()).trim().split('\n');
    const { items } = await api.askJson<{ items: Call[] }>('/api/v1/calls');
    expect(lines.map((line) => JSON.parse(line) as Call)).toEqual(items);
  });

  it('as CSV has the columns that were asked for, under headings of the language', async () => {
    const { id } = await create({
      ...{ format: 'csv', filter: { taskId: '7' }, columns: ['taskId', 'callId'], language: 'zh-CN' },
    });
    await make();
    const file = await (await api.ask(`/api/v1/exports/${id}/file`)).text();
    expect(file).toBe('任务 ID,通话 ID\r\n7,2^2\r\n');
  });

  it('that is a ZIP needs the right to download, to be asked for and to be taken', async () => {
    await archive('1^1');
    const exporting = await keyWith('export');
    const refused = await api.ask('/api/v1/exports', {
      ...order({ format: 'zip', filter: {} }),
      ...exporting,
    });
    expect(refused.status).toBe(403);
    const { id } = await create({ format: 'zip', filter: {} });
    await make();
    expect(await api.askJson(`/api/v1/exports/${id}`)).toMatchObject({ state: 'done', done: 2, total: 2 });
    const administering = await keyWith('export', 'administer');
    expect((await api.ask(`/api/v1/exports/${id}/file`, administering)).status).toBe(403);
    const head = await api.ask(`/api/v1/exports/${id}/file`, { method: 'HEAD' });
    expect(head.headers.get('content-type')).toBe('application/zip');
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
  });

  it('is for whoever asked for it, and for administrators', async () => {
    const [one, other] = [await keyWith('export', 'view'), await keyWith('export', 'review')];
    const { id } = await create({ format: 'csv', filter: {} }, one);
    expect((await api.ask(`/api/v1/exports/${id}`, other)).status).toBe(404);
    expect((await api.ask(`/api/v1/exports/${id}/file`, other)).status).toBe(404);
    expect((await api.ask(`/api/v1/exports/${id}/cancel`, { method: 'POST', ...other })).status).toBe(404);
    expect(await api.askJson<ExportPage>('/api/v1/exports', other)).toEqual({ items: [] });
    expect(await api.askJson<ExportPage>('/api/v1/exports', one)).toMatchObject({
      items: [{ id, isMine: true }],
    });
    expect(await api.askJson<ExportPage>('/api/v1/exports')).toMatchObject({
      items: [{ id, isMine: false }],
    });
    expect((await api.ask('/api/v1/exports', await keyWith('view'))).status).toBe(403);
  });

  it('can be cancelled until it has ended', async () => {
    const { id } = await create({ format: 'csv', filter: {} });
    const cancel = () => api.askJson<Export>(`/api/v1/exports/${id}/cancel`, { method: 'POST' });
    expect(await cancel()).toMatchObject({ state: 'cancelled' });
    await make();
    expect(await api.askJson(`/api/v1/exports/${id}`)).toMatchObject({ state: 'cancelled', done: 0 });
    const { id: second } = await create({ format: 'csv', filter: {} });
    await make();
    const late = await api.askJson<Export>(`/api/v1/exports/${second}/cancel`, { method: 'POST' });
    expect(late.state).toBe('done');
    expect((await actions()).filter((action) => action === 'export.cancelled')).toHaveLength(1);
  });

  it('has no file before it is done, and none once its time is over', async () => {
    const { id } = await create({ format: 'csv', filter: {} });
    const ask = async () => (await api.ask(`/api/v1/exports/${id}/file`)).json();
    expect(await ask()).toMatchObject({
      status: 409,
      code: 'export-without-file',
      detail: 'It has not begun.',
    });
    await make();
    api.clock.now += 1_000;
    await make();
    expect(await ask()).toMatchObject({ status: 409, detail: 'Its time is over, and its file was deleted.' });
    expect(await api.askJson(`/api/v1/exports/${id}`)).toMatchObject({ state: 'expired' });
  });

  it('is refused with a sentence where it cannot be understood', async () => {
    const ask = async (request: object) => (await api.ask('/api/v1/exports', order(request))).json();
    expect(await ask({ filter: {} })).toMatchObject({ code: 'body-invalid', detail: '`format` is missing.' });
    expect(await ask({ format: 'csv', filter: { task: '1' } })).toMatchObject({
      detail: 'There is no member `filter.task` here.',
    });
    expect(await ask({ format: 'csv', filter: { from: 'today' } })).toMatchObject({
      code: 'parameter-invalid',
    });
    expect(await ask({ format: 'csv', filter: {}, columns: [] })).toMatchObject({ code: 'body-invalid' });
    expect((await api.ask('/api/v1/exports/unknown')).status).toBe(404);
    expect(await actions()).toEqual([]);
  });
});

describe('the list of exports', () => {
  it('is newest first, in pages', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      api.clock.now += 1_000;
      ids.unshift((await create({ format: 'csv', filter: {} })).id);
    }
    const first = await api.askJson<ExportPage>('/api/v1/exports?limit=2');
    const rest = await api.askJson<ExportPage>(`/api/v1/exports?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids);
    expect(rest.nextCursor).toBeUndefined();
  });
});

describe('GET /api/v1/call-count', () => {
  it('tells how many calls a search would find', async () => {
    expect(await api.askJson('/api/v1/call-count')).toEqual({ calls: 2, isMore: false });
    expect(await api.askJson('/api/v1/call-count?taskId=7')).toEqual({ calls: 1, isMore: false });
    await api.store.tags.add('1^1', 'angry', 'a1', api.clock.now);
    expect(await api.askJson('/api/v1/call-count?tag=angry')).toEqual({ calls: 1, isMore: false });
    expect((await api.ask('/api/v1/call-count?limit=1')).status).toBe(400);
  });
});
