import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedPage } from '../../src/contract/messages.js';
import type { RecordingPage } from '../../src/contract/recordings.js';
import { until } from '../support/until.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';
import { patience } from '../support/test-run.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const read = (query = '') => api.askJson<FeedPage>(`/api/v1/messages${query}`);

describe('GET /api/v1/messages', () => {
  it('is empty at first, with the place to go on from', async () => {
    expect(await read()).toEqual({ items: [], nextAfter: 0 });
    expect(await read('?after=41')).toEqual({ items: [], nextAfter: 41 });
  });

  it('gives everything in order, once, over pages of any size', async () => {
    await api.push(Array.from({ length: 12 }, (_, index) => record(`${index}^0`)));
    const seen: string[] = [];
    let after = 0;
    for (;;) {
      const page = await read(`?limit=5&after=${after}`);
      expect([...Value.Errors(FeedPage, page)]).toEqual([]);
      if (page.items.length === 0) break;
      seen.push(...page.items.map(({ callId }) => callId));
      after = page.nextAfter;
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `${index}^0`));
    expect((await read(`?after=${after}`)).nextAfter).toBe(after);
  });

  it('ends a page early where messages are large, and goes on behind it', async () => {
    const note = 'x'.repeat(900_000);
    for (let at = 0; at < 5; at++) await api.push([record(`${at}^0`, { note }), record(`${at}^1`)]);
    const pages: number[] = [];
    const seen = new Set<string>();
    for (let after = 0; ;) {
      const page = await read(`?limit=500&after=${after}`);
      if (page.items.length === 0) break;
      pages.push(page.items.length);
      for (const { callId } of page.items) seen.add(callId);
      after = page.nextAfter;
    }
    expect(pages).toEqual([5, 5]);
    expect(seen.size).toBe(10);
  });

  it('gives each message as the text it came as', async () => {
    const text =
      '{ "callId" : "1^1",\n "recordFile": "", "a":1.10, "b":1E400, "c":-0, "d":12345678901234567890 }';
    await api.push(text);
    const answer = await (await api.ask('/api/v1/messages')).text();
    expect(answer).toContain(`"message":${text}}`);
    expect(answer).toContain(
      '"type":"AlicomAgentCallRecord","callId":"1^1","receivedAt":"2025-05-22T05:00:00.000Z"',
    );
  });

  it('leaves events out unless types asks for them', async () => {
    await api.push([record('1^1'), { callId: '2^2', majorIntent: 'A' }]);
    const [recording] = (await api.askJson<RecordingPage>('/api/v1/recordings')).items;
    if (!recording) throw new Error('there is no recording');
    await api.archive(recording, Buffer.from('RIFF'));
    const typesOf = async (query: string) => (await read(query)).items.map(({ type }) => type);
    expect(await typesOf('')).toEqual(['AlicomAgentCallRecord', 'AlicomAgentCallNote']);
    expect(await typesOf('?types=')).toHaveLength(2);
    expect(await typesOf('?types=AlicomAgentCallNote')).toEqual(['AlicomAgentCallNote']);
    expect(await typesOf('?types=recording.archived,%20AlicomAgentCallRecord')).toEqual([
      'AlicomAgentCallRecord',
      'recording.archived',
    ]);
    const [event] = (await read('?types=recording.archived')).items;
    expect(event?.message).toMatchObject({ recordingId: recording.id });
  });
});

describe('GET /api/v1/messages with wait', () => {
  /** Asks, and resolves once the server waits for it: what comes next then is the ring. */
  async function startWaiting(query: string, init: RequestInit = {}) {
    const asked = api.ask(`/api/v1/messages?wait=60${query}`, init);
    await until(() => api.notifier.waiters > 0, { what: 'somebody waits' });
    return { answer: asked.then(async (response) => (await response.json()) as FeedPage) };
  }

  it('answers at once where there is something', async () => {
    await api.push([record('1^1')]);
    expect((await read('?wait=60')).items).toHaveLength(1);
  });

  it('answers as soon as there is something', async () => {
    const { answer } = await startWaiting('&after=0');
    await api.push([record('1^1')]);
    api.notifier.notify();
    expect((await answer).items.map(({ callId }) => callId)).toEqual(['1^1']);
  });

  it('answers empty, with the same place, when the time is over', async () => {
    expect(await read('?wait=1&after=7')).toEqual({ items: [], nextAfter: 7 });
  });

  it('waits on when what came is not what was asked for', async () => {
    const { answer } = await startWaiting('&types=AlicomAgentCallNote');
    await api.push([record('1^1')]);
    api.notifier.notify();
    await until(() => api.notifier.waiters > 0, { what: 'it waits again' });
    await api.push([{ callId: '1^1', majorIntent: 'A' }]);
    api.notifier.notify();
    expect((await answer).items.map(({ type }) => type)).toEqual(['AlicomAgentCallNote']);
  });

  it('finds within a second or two what was written without a ring', async () => {
    const { answer } = await startWaiting('');
    await api.push([record('1^1')]);
    expect((await answer).items).toHaveLength(1);
  });

  it('reads once for each notification, however many wait', async () => {
    let reads = 0;
    const { journal } = api.store;
    const counted = await openTestApi({
      messages: {
        journal: {
          read: (...asked: Parameters<typeof journal.read>) => {
            reads++;
            return journal.read(...asked);
          },
        },
      },
    });
    try {
      // The first look at the journal notifies: what was there before is unknown.
      const first = counted.ask('/api/v1/messages?wait=60');
      await until(() => counted.notifier.version === 1 && counted.notifier.waiters === 1, {
        what: 'it waits again',
      });
      expect(reads).toBe(2);
      const others = Array.from({ length: 199 }, () => counted.ask('/api/v1/messages?wait=60'));
      const waiting = [first, ...others];
      await until(() => counted.notifier.waiters === 200, { what: 'all of them wait' });
      expect(reads).toBe(201);
      counted.notifier.notify();
      await until(() => counted.notifier.waiters === 200, { what: 'all of them wait again' });
      expect(reads).toBe(401);
      await api.push([record('1^1')]);
      counted.notifier.notify();
      for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
      expect(reads).toBe(601);
    } finally {
      await counted.close();
    }
  });

  it('forgets who has gone away', async () => {
    const gone = new AbortController();
    const { answer } = await startWaiting('', { signal: gone.signal });
    gone.abort();
    await expect(answer).rejects.toThrow();
    await until(() => api.notifier.waiters === 0, { what: 'nobody waits' });
  });

  it('holds up no stop', async () => {
    const { answer } = await startWaiting('&after=3');
    const startedAt = performance.now();
    await api.server.close(20_000 * patience);
    expect(await answer).toEqual({ items: [], nextAfter: 3 });
    expect(performance.now() - startedAt).toBeLessThan(10_000 * patience);
  });

  it.each(['-1', '61', '1.5', 'x'])('refuses to wait %s seconds', async (wait) => {
    const response = await api.ask(`/api/v1/messages?wait=${wait}`);
    expect(await response.json()).toMatchObject({ status: 400, code: 'parameter-invalid' });
  });
});
