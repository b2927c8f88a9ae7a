import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { until } from '../support/until.js';
import { expectAllOf, expectNoneFailed, openServerUnderLoad, readyz } from './server-under-load.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());
beforeEach(() => postgres.start());

describe('the first choice of an inbox', () => {
  it('is the local one where the setting says so: nobody notices what becomes of the database', async () => {
    const server = await openServerUnderLoad(await postgres.createDatabase(), { EARSHOT_INBOX: 'local' });
    expect((await server.inbox()).goesTo).toBe('local');
    await postgres.stop('kill');
    await server.load.acknowledges(200);
    await postgres.start();
    await server.load.acknowledges(200);
    await server.load.stop();
    await expectNoneFailed(server.load, server.url);
    await expectAllOf(server.load, server.url);
  });

  it('is the only one where the setting says so: without the database pushes are refused, then taken again', async () => {
    const server = await openServerUnderLoad(await postgres.createDatabase(), { EARSHOT_INBOX: 'store' });
    await postgres.stop('immediate');
    const { failures } = server.load;
    await until(() => failures.length > 20, { what: 'pushes are refused' });
    expect(new Set(failures.map(({ status, code }) => `${status} ${String(code)}`))).toEqual(
      new Set(['503 503']),
    );
    await until(async () => (await readyz(server.url)).status === 503, { what: 'it says so' });
    await postgres.start();
    await server.load.acknowledges(100);
    await server.finish();
  });
});
