import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { expectNoneFailed, openBehindProxy } from './server-under-load.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

describe('a server whose line to the database', () => {
  it('swallows everything, acknowledges on, and finds the way back', async () => {
    const { proxy, server } = await openBehindProxy(postgres);
    proxy.swallow();
    await server.untilSpooling();
    proxy.pass();
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });

  it('became slow, acknowledges from the local inbox until it is quick again', async () => {
    const { proxy, server } = await openBehindProxy(postgres);
    proxy.slow(300);
    await server.untilSpooling();
    expect((await server.inbox()).goesTo).toBe('local');
    proxy.pass();
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });
});
