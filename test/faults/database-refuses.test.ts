import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { expectNoneFailed, openServerUnderLoad } from './server-under-load.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.stop();
  postgres.configure('max_connections = 60');
  await postgres.start();
});
afterAll(() => postgres.close());

/** As the superuser. */
async function ask(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('a server under load', () => {
  it('acknowledges on while others have all connections of the database', async () => {
    const url = new URL(await postgres.createDatabase());
    const name = url.pathname.slice(1);
    // Not a superuser, for whom some are kept.
    await ask('CREATE ROLE app LOGIN', `ALTER DATABASE ${name} OWNER TO app`);
    url.username = 'app';
    const server = await openServerUnderLoad(url.href);
    const others = await takeAllConnections(url.href, name);
    onTestFinished(() => others.release());
    await server.untilSpooling();
    await others.release();
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });

  it('acknowledges on while the database is read-only', async () => {
    const server = await openServerUnderLoad(await postgres.createDatabase());
    const setReadOnly = (value: 'on' | 'off') =>
      ask(
        'SET default_transaction_read_only = off',
        `ALTER SYSTEM SET default_transaction_read_only = ${value}`,
        'SELECT pg_reload_conf()',
      );
    await setReadOnly('on');
    await server.untilSpooling();
    await setReadOnly('off');
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });

  it('acknowledges on while the database is a standby after a failover, until it is promoted', async () => {
    const server = await openServerUnderLoad(await postgres.createDatabase());
    await postgres.stop();
    writeFileSync(join(postgres.folder, 'standby.signal'), '');
    await postgres.start();
    await server.untilSpooling();
    await ask('SELECT pg_promote(true, 60)');
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });
});

/** Ends every connection to the database and has those that are free then, before whoever had them comes back. */
async function takeAllConnections(url: string, name: string) {
  const clients: pg.Client[] = [];
  const takeOne = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      clients.push(client);
      return true;
    } catch {
      return false;
    }
  };
  const takeFree = async (): Promise<void> => {
    while (await takeOne());
  };
  await takeFree();
  expect(clients.length).toBeGreaterThan(10);
  for (let round = 0; round < 3; round++) {
    await ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = '${name}' AND application_name LIKE 'earshot%'`,
    );
    await takeFree();
  }
  return {
    release: async (): Promise<void> => {
      await Promise.all(clients.splice(0).map((client) => client.end()));
    },
  };
}
