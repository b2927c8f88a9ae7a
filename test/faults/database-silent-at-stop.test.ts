import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { patience } from '../support/test-run.js';
import { expectAllOf, openBehindProxy } from './server-under-load.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

describe('a server whose line to the database', () => {
  it('swallows everything stops in good time when it is asked to, and loses nothing by it', async () => {
    const { proxy, server } = await openBehindProxy(postgres);
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
});
