import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { openTcpProxy } from '../support/tcp-proxy.js';
import { patience } from '../support/test-run.js';
import { expectAllOf, expectNoneFailed, openServerUnderLoad } from './server-under-load.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

describe('a server whose line to the database', () => {
  async function openBehindProxy() {
    const proxy = await openTcpProxy(postgres.port);
    onTestFinished(() => proxy.close());
    const url = new URL(await postgres.createDatabase());
    url.port = String(proxy.port);
    return { proxy, server: await openServerUnderLoad(url.href) };
  }

  it('swallows everything, acknowledges on, and finds the way back', async () => {
    const { proxy, server } = await openBehindProxy();
    proxy.swallow();
    await server.untilSpooling();
    proxy.pass();
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });

  it('swallows everything stops in good time when it is asked to, and loses nothing by it', async () => {
    const { proxy, server } = await openBehindProxy();
    proxy.swallow();
    await server.untilSpooling();
    const askedAt = performance.now();
    expect(await server.server.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAt).toBeLessThan(25_000 * patience);
    proxy.pass();
    const url = await server.restart();
    await server.load.acknowledges(50);
    await server.load.stop();
    await expectAllOf(server.load, url);
  });

  it('became slow, acknowledges from the local inbox until it is quick again', async () => {
    const { proxy, server } = await openBehindProxy();
    proxy.slow(300);
    await server.untilSpooling();
    expect((await server.inbox()).goesTo).toBe('local');
    proxy.pass();
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });
});
