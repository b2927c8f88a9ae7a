import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { rounds } from '../support/test-run.js';
import { until } from '../support/until.js';
import { expectNoneFailed, openServerUnderLoad } from './server-under-load.js';

async function ask(server: PostgresServer, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function startPair() {
  const primary = await startPostgres();
  onTestFinished(() => primary.close());
  const standby = await startPostgres({ standbyOf: primary });
  onTestFinished(() => standby.close());
  await ask(primary, `ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await ask(primary, 'SELECT pg_reload_conf()');
  const states = `SELECT sync_state FROM pg_stat_replication WHERE sync_state = 'sync'`;
  await until(async () => (await ask(primary, states)).length === 1, { what: 'the standby is synchronous' });
  const url = new URL(await primary.createDatabase());
  const hosts = (...servers: PostgresServer[]) => servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const urlOf = (...servers: PostgresServer[]) => url.href.replace(url.host, hosts(...servers));
  return { primary, standby, urlOf };
}

const places = [
  ['first', false],
  ['last', true],
] as const;

it.each(places.slice(0, rounds(1, 2)))(
  'loses no acknowledged message with its primary, named %s, when the standby is promoted',
  async (_place, isLast) => {
    const { primary, standby, urlOf } = await startPair();
    const server = await openServerUnderLoad(isLast ? urlOf(standby, primary) : urlOf(primary, standby));
    await primary.stop('kill');
    await server.untilSpooling();
    await ask(standby, 'SELECT pg_promote(true, 60)');
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  },
);

it('acknowledges on while a primary waits for its only standby, which is gone', async () => {
  const { primary, standby, urlOf } = await startPair();
  const server = await openServerUnderLoad(urlOf(primary));
  await standby.stop('kill');
  await server.untilSpooling();
  expect((await server.inbox()).goesTo).toBe('local');
  await standby.start();
  await server.untilBack();
  await expectNoneFailed(server.load, server.url);
  await server.finish();
});
