import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveListener } from '../../src/live/live-events.js';
import { until } from '../support/until.js';
import { signedIn } from './browser.js';
import { administratorKey, openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
afterEach(() => api.close());

interface Heard {
  readonly name: string;
  readonly data: unknown;
}

/** A browser, as far as this stream is concerned. */
async function listen() {
  const leaving = new AbortController();
  const response = await api.ask('/api/v1/live', { signal: leaving.signal });
  const heard: Heard[] = [];
  let text = '';
  let isOver = false;
  void (async () => {
    try {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString();
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
          if (name !== undefined && data !== undefined) heard.push({ name, data: JSON.parse(data) });
        }
      }
    } catch {
      // Left.
    }
    isOver = true;
  })();
  return {
    response,
    heard: (name: string) => heard.filter((event) => event.name === name).map(({ data }) => data),
    isOver: () => isOver,
    leave: () => {
      leaving.abort();
    },
  };
}

const job = { format: 'csv', request: '{}', ownerId: 'a', ownerName: 'A', createdAt: 1 } as const;

describe('GET /api/v1/live', () => {
  it('tells everybody who listens how it goes, by one look, and looks no more once they have left', async () => {
    api = await openTestApi();
    const one = await listen();
    const other = await listen();
    expect(one.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(one.response.headers.get('cache-control')).toContain('no-store');
    await until(() => one.heard('status').length > 1 && other.heard('status').length > 0, {
      what: 'two looks at the status',
    });
    expect(one.heard('status')[0]).toMatchObject({ journal: { lastSeq: 7 } });
    expect(api.operating.looks.status).toBeLessThanOrEqual(one.heard('status').length + 1);
    one.leave();
    other.leave();
    await until(() => api.operating.service.live.listeners === 0, { what: 'nobody listens' });
    expect(api.notifier.waiters).toBe(0);
  });

  it('tells that there are new calls once they can be found', async () => {
    api = await openTestApi();
    const { heard } = await listen();
    await until(() => heard('status').length > 0, { what: 'the stream has begun' });
    await until(() => api.notifier.waiters > 0, { what: 'it waits for more' });
    await api.push([record('1^1'), record('2^2')]);
    api.notifier.notify();
    await until(() => heard('calls').length > 0, { what: 'the new calls' });
    expect(heard('calls')).toEqual([{ lastSeq: 2 }]);
  });

  it('is over for whoever has signed out, or was signed out', async () => {
    api = await openTestApi();
    const listener = await signedIn(api, 'listener', { role: 'viewer' });
    const response = await listener.ask('/api/v1/live');
    let isOver = false;
    void (async () => {
      try {
        for await (const chunk of response.body ?? []) expect(chunk).toBeDefined();
      } catch {
        // Cut off.
      }
      isOver = true;
    })();
    await api.ask('/api/v1/people/account-listener/sessions', { method: 'DELETE' });
    await until(() => isOver, { what: 'the stream ends with the session' });
    expect((await listener.ask('/api/v1/calls')).status).toBe(401);
    expect((await api.ask('/api/v1/people/nobody/sessions', { method: 'DELETE' })).status).toBe(404);
  });

  it('tells that an export moved', async () => {
    api = await openTestApi();
    const { heard } = await listen();
    await until(() => heard('status').length > 0, { what: 'the stream has begun' });
    let made = 0;
    await until(
      async () => {
        // The first look may see one already: then it is no news.
        if (made < 2) await api.store.jobs.create({ ...job, id: `j${++made}` });
        return heard('exports').length > 0;
      },
      { what: 'the export', everyMs: 2_500 },
    );
    await expect.poll(() => heard('exports').at(-1)).toEqual({ open: made });
  });

  it('ends when the server stops', async () => {
    api = await openTestApi();
    const { heard, isOver } = await listen();
    await until(() => heard('status').length > 0, { what: 'the stream has begun' });
    await api.server.close();
    expect(isOver()).toBe(true);
    expect(api.operating.service.live.listeners).toBe(0);
  });

  it('leaves a listener that does not read', async () => {
    api = await openTestApi();
    const { live } = api.operating.service;
    const socket = connect(api.port, '127.0.0.1');
    socket.pause();
    socket.write(`GET /api/v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${administratorKey}\r\n\r\n`);
    await until(() => live.listeners === 1, { what: 'it listens' });
    const stream = live.listen();
    expect(stream).toBeDefined();
    // The other end of this one is nobody, too: it holds what is written until it is too much.
    const listener = new LiveListener(() => undefined);
    listener.write('x'.repeat(300 * 1024));
    expect(listener.stream.destroyed).toBe(true);
    stream?.destroy();
    socket.destroy();
    await until(() => live.listeners === 0, { what: 'nobody listens' });
  });

  it('takes a bounded number of listeners, and no HEAD', async () => {
    api = await openTestApi();
    const { live } = api.operating.service;
    const streams = Array.from({ length: 200 }, () => live.listen());
    expect(streams).not.toContain(undefined);
    const refused = await api.ask('/api/v1/live');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await refused.json()).toMatchObject({ code: 'listeners-full' });
    for (const stream of streams) stream?.destroy();
    expect((await api.ask('/api/v1/live', { method: 'HEAD' })).status).toBe(405);
  });
});
