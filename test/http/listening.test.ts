import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallHistory, CallDetail } from '../../src/contract/calls.js';
import { type Browser, signedIn } from './browser.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';

const minuteMs = 60_000;
const bytes = Buffer.from('0123456789');

let api: TestApi;
let listener: Browser;
let downloader: Browser;
let recordingId: string;
beforeAll(async () => {
  api = await openTestApi();
  listener = await signedIn(api, 'listener', { role: 'reviewer' });
  downloader = await signedIn(api, 'downloader', { role: 'reviewer', mayDownload: true });
  await api.push([record('1^1')]);
  const [recording] = (await api.askJson<CallDetail>('/api/v1/calls/1%5E1')).recordings;
  if (!recording) throw new Error('the call has no recording');
  recordingId = recording.id;
  await api.archive(recording, bytes, '2025-05-22/1_1-r1.wav');
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.now += 20 * minuteMs;
});

const audio = () => `/api/v1/recordings/${recordingId}/audio`;

async function told(action: string) {
  const { items } = await api.store.auditLogReader.list({ action, limit: 100 });
  return items;
}

describe('opening a recording', () => {
  it('is told of once for each listen, however many ranges a player asks for', async () => {
    const before = (await told('recording.opened')).length;
    for (const range of ['bytes=0-', 'bytes=4-5', 'bytes=2-']) {
      const answer = await listener.ask(audio(), { headers: { range } });
      expect(answer.status).toBe(206);
      await answer.arrayBuffer();
    }
    await listener.ask(audio(), { method: 'HEAD' });
    const [opened, ...others] = await told('recording.opened');
    expect(others).toHaveLength(before);
    expect(opened).toMatchObject({
      actor: { name: 'listener' },
      subject: { kind: 'recording', id: recordingId },
      detail: { callId: '1^1' },
    });
    await downloader.ask(audio());
    api.clock.now += 10 * minuteMs;
    await listener.ask(audio());
    expect(await told('recording.opened')).toHaveLength(before + 3);
  });

  it('is refused where it cannot be told, without a byte, and told when it is asked for again', async () => {
    const { auditLog } = api.store;
    const append = auditLog.append;
    auditLog.append = () => Promise.reject(new Error('full'));
    const refused = await listener.ask(audio()).finally(() => {
      auditLog.append = append;
    });
    expect(refused.status).toBe(503);
    expect(await refused.text()).not.toContain(bytes.toString());
    const before = (await told('recording.opened')).length;
    expect(await (await listener.ask(audio())).text()).toBe(bytes.toString());
    expect(await told('recording.opened')).toHaveLength(before + 1);
  });
});

describe('saving a recording', () => {
  it('needs the right to download, names a file, and is told of', async () => {
    expect((await listener.ask(`${audio()}?download=true`)).status).toBe(403);
    const saved = await downloader.ask(`${audio()}?download=true`);
    expect(saved.headers.get('content-disposition')).toBe('attachment; filename="1_1-r1.wav"');
    expect(await saved.text()).toBe(bytes.toString());
    await (await downloader.ask(`${audio()}?download=true`)).text();
    const downloads = await told('recording.downloaded');
    expect(downloads.map(({ actor }) => actor.name)).toEqual(['downloader', 'downloader']);
    expect((await listener.ask(audio())).headers.get('content-disposition')).toMatch(/^inline/);
  });
});

describe('what was heard', () => {
  const hear = (browser: Browser, listenId: string, ...stretches: [number, number][]) =>
    browser.post(`/api/v1/recordings/${recordingId}/heard`, {
      ...{ listenId, stretches: stretches.map(([from, to]) => ({ from, to })) },
    });

  it('is told in seconds, again when there is more, and each second once', async () => {
    const before = (await told('recording.heard')).length;
    expect((await hear(listener, 'one', [0, 10], [5, 12.5])).status).toBe(204);
    await hear(listener, 'one', [0, 12]);
    await hear(listener, 'one', [30, 40]);
    await hear(listener, 'two', [0, 1]);
    const heard = (await told('recording.heard')).slice(0, -before || undefined);
    expect(heard.map(({ detail }) => [detail?.['listenId'], detail?.['seconds']])).toEqual([
      ['two', 1],
      ['one', 22.5],
      ['one', 12.5],
    ]);
    expect(heard[1]?.detail).toMatchObject({
      callId: '1^1',
      stretches: [
        [0, 12.5],
        [30, 40],
      ],
    });
  });

  it('goes on where another process was told', async () => {
    const other = await openTestApi({
      recordings: { auditLogReader: api.store.auditLogReader, recordings: api.store.recordings },
      people: { auditor: api.parts.people.auditor, sessionService: api.parts.people.sessionService },
    });
    await hear(listener, 'moved', [0, 10]);
    const there = Object.assign(
      Object.create(Object.getPrototypeOf(listener) as object) as Browser,
      listener,
      {
        baseUrl: other.baseUrl,
      },
    );
    expect((await hear(there, 'moved', [5, 15])).status).toBe(204);
    expect((await told('recording.heard'))[0]?.detail?.['seconds']).toBe(15);
    await other.close();
  });

  it('is for those who may listen, and for recordings that there are', async () => {
    const viewer = await signedIn(api, 'viewer', { role: 'viewer' });
    expect((await hear(viewer, 'x', [0, 1])).status).toBe(403);
    const unknown = await listener.post('/api/v1/recordings/r99/heard', { listenId: 'x', stretches: [] });
    expect(unknown.status).toBe(404);
    const odd = await listener.post(`/api/v1/recordings/${recordingId}/heard`, { stretches: [] });
    expect(odd.status).toBe(400);
  });
});

describe("a call's history", () => {
  it('tells who looked, heard, saved; of each listen all of it, once', async () => {
    await listener.ask('/api/v1/calls/1%5E1');
    await listener.post(`/api/v1/recordings/${recordingId}/heard`, {
      ...{ listenId: 'last', stretches: [{ from: 0, to: 3 }] },
    });
    await listener.post(`/api/v1/recordings/${recordingId}/heard`, {
      ...{ listenId: 'last', stretches: [{ from: 3, to: 7 }] },
    });
    const { items } = await listener.askJson<CallHistory>('/api/v1/calls/1%5E1/history');
    expect(items.slice(0, 2)).toMatchObject([
      { action: 'recording.heard', actor: 'listener', recordingId, seconds: 7 },
      { action: 'call.viewed', actor: 'listener' },
    ]);
    expect(items.map(({ action }) => action)).toContain('recording.downloaded');
    expect((await listener.ask('/api/v1/calls/none/history')).status).toBe(404);
  });
});
