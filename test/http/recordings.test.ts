import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingDetail, RecordingPage } from '../../src/contract/recordings.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
  // Links that live ever shorter: the last call's is the first to die.
  await api.push(
    [1, 2, 3, 4, 5].map((number) =>
      record(`${number}^0`, {
        recordFile: `http://h.oss.aliyuncs.com/${number}.wav?Expires=${1748491891 - number * 1000}&Signature=secret`,
      }),
    ),
  );
});
afterEach(() => api.close());

const list = (query = '') => api.askJson<RecordingPage>(`/api/v1/recordings${query}`);

async function first() {
  const [recording] = (await list()).items;
  if (!recording) throw new Error('there is no recording');
  return recording;
}

describe('GET /api/v1/recordings', () => {
  it('lists the earliest deadline first, as the contract describes it, without the query of a link', async () => {
    const page = await list();
    expect(page.items.map(({ callId }) => callId)).toEqual(['5^0', '4^0', '3^0', '2^0', '1^0']);
    expect([...Value.Errors(RecordingPage, page)]).toEqual([]);
    expect(page.items[0]).toMatchObject({
      state: 'pending',
      host: 'h.oss.aliyuncs.com',
      path: '/5.wav',
      deadlineAt: new Date((1748491891 - 5000) * 1000).toISOString(),
      attempts: 0,
      flags: [],
    });
    expect(JSON.stringify(page)).not.toMatch(/null|Signature|secret/);
  });

  it('pages by two, and ends', async () => {
    const one = await list('?limit=2');
    const two = await list(`?limit=2&cursor=${one.nextCursor}`);
    const three = await list(`?limit=2&cursor=${two.nextCursor}`);
    const paths = [one, two, three].flatMap(({ items }) => items.map(({ path }) => path));
    expect(paths).toEqual(['/5.wav', '/4.wav', '/3.wav', '/2.wav', '/1.wav']);
    expect(three).not.toHaveProperty('nextCursor');
  });

  it('filters by state and by call', async () => {
    expect((await list('?callId=3^0')).items).toHaveLength(1);
    expect((await list('?callId=9^0')).items).toEqual([]);
    expect((await list('?state=pending')).items).toHaveLength(5);
    expect((await list('?state=lost')).items).toEqual([]);
  });

  it('filters by flag, and so do calls', async () => {
    const { id, callId } = await first();
    await api.settle(id, {
      kind: 'archived',
      flags: ['unrecognised'],
      asset: {
        bytes: 1,
        sha256: 'ab'.repeat(32),
        container: 'unrecognised',
        archivedAt: 1,
        fileName: 'a.bin',
      },
    });
    expect((await list('?flag=unrecognised')).items).toMatchObject([{ id, flags: ['unrecognised'] }]);
    expect((await list('?flag=empty')).items).toEqual([]);
    expect((await api.ask('/api/v1/recordings?flag=odd')).status).toBe(400);
    const calls = await api.askJson<{ items: unknown[] }>('/api/v1/calls?flag=unrecognised');
    expect(calls.items).toMatchObject([{ callId }]);
  });

  it('refuses a cursor of another list', async () => {
    const calls = await api.askJson<{ nextCursor: string }>('/api/v1/calls?limit=1');
    const response = await api.ask(`/api/v1/recordings?cursor=${calls.nextCursor}`);
    expect(await response.json()).toMatchObject({ status: 400, code: 'cursor-invalid' });
  });
});

describe('GET /api/v1/recordings/{id}', () => {
  it('shows the attempts and what was archived', async () => {
    const { id } = await first();
    await api.settle(id, { kind: 'retry', nextAttemptAt: api.clock.now + 1000 });
    await api.archive(await first(), Buffer.from('RIFF'));
    const detail = await api.askJson<RecordingDetail>(`/api/v1/recordings/${id}`);
    expect([...Value.Errors(RecordingDetail, detail)]).toEqual([]);
    expect(detail.state).toBe('archived');
    expect(detail.asset).toMatchObject({
      bytes: 4,
      container: 'wav',
      archivedAt: '2025-05-22T05:00:00.000Z',
    });
    expect(detail.attemptLog.map(({ reason }) => reason)).toEqual(['timeout', 'archived']);
    expect(JSON.stringify(detail)).not.toMatch(/null|Signature/);
  });

  it.each(['0', '999999', 'x', '%00', '../calls', '%E2%82%AC', '1e9999'])('knows no %s', async (id) => {
    const response = await api.ask(`/api/v1/recordings/${encodeURIComponent(id)}`);
    expect(await response.json()).toMatchObject({ status: 404, code: 'recording-unknown' });
  });
});

describe('POST /api/v1/recordings/{id}/retry', () => {
  const retry = (id: string, init: RequestInit = {}) =>
    api.ask(`/api/v1/recordings/${id}/retry`, { method: 'POST', ...init });

  it('makes the recording due, whatever body comes along', async () => {
    const { id } = await first();
    await api.settle(id, { kind: 'lost', reason: 'expired' });
    for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'text/x' }]) {
      const response = await retry(id, { headers });
      expect(response.status).toBe(202);
      expect(await response.json()).toMatchObject({ id, state: 'pending' });
    }
    expect((await api.claim()).map((download) => download.id)).toContain(id);
  });

  it('is 409 while an attempt runs, 409 once archived, 404 for no recording', async () => {
    const { id } = await first();
    await api.claim();
    expect(await (await retry(id)).json()).toMatchObject({ status: 409, code: 'attempt-running' });
    api.clock.now += 60_000;
    await api.archive(await first(), Buffer.from('RIFF'));
    expect(await (await retry(id)).json()).toMatchObject({ status: 409, code: 'recording-archived-already' });
    expect((await retry('nothing')).status).toBe(404);
  });

  it('fetches archived audio again where it is missing or damaged and its link lives', async () => {
    const { id } = await first();
    await api.archive(await first(), Buffer.from('RIFF'), 'a.wav');
    const file = join(api.recordings, 'a.wav');
    await writeFile(file, 'RIF?');
    const { now } = api.clock;
    api.clock.now += 30 * 86_400_000;
    expect(await (await retry(id)).json()).toMatchObject({ code: 'recording-not-downloadable' });
    api.clock.now = now;
    expect((await retry(id)).status).toBe(202);
    expect(await readFile(file, 'utf8')).toBe('RIF?');
    await api.archive(await first(), Buffer.from('RIFF'), 'a.wav');
    await rm(file);
    expect((await retry(id)).status).toBe(202);
  });

  it('fetches nothing again while the storage does not answer', async () => {
    await api.close();
    api = await openTestApi({ recordings: { compareAsset: () => Promise.resolve('unreadable') } });
    await api.push([record('1^1')]);
    const { id } = await first();
    await api.archive(await first(), Buffer.from('RIFF'));
    expect((await retry(id)).status).toBe(503);
    expect(await first()).toMatchObject({ state: 'archived' });
  });
});
