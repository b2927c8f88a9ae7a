import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { createDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { until } from '../../../test/support/until.js';
import { Database } from './database.js';

let temporary: TemporaryDatabase;
let proxy: TcpProxy;
let database: Database;

beforeEach(async () => {
  temporary = await createDatabase();
  const url = new URL(temporary.url);
  proxy = await openTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  database = new Database({ url: url.href, connections: 4, answerWithinMs: 500 });
});
afterEach(async () => {
  await database.close();
  await proxy.close();
  await temporary.drop();
});

const unreachable = { name: 'StoreError', kind: 'unreachable' };
const ask = () => database.run('SELECT 1');

it('costs one wait, however many connections lay idle when the line was lost', async () => {
  await Promise.all(Array.from({ length: 4 }, () => database.run('SELECT pg_sleep(0.1)')));
  proxy.swallow();
  proxy.pass();
  await expect(ask()).rejects.toMatchObject(unreachable);
  for (let count = 0; count < 8; count++) await ask();
});

it('does not keep a connection whose server falls silent while it is greeted', async () => {
  for (let count = 0; count < 6; count++) {
    proxy.swallow();
    await expect(ask()).rejects.toMatchObject(unreachable);
    proxy.pass();
  }
  await ask();
});

it('outlives a server that ends a connection between two statements of a transaction', async () => {
  const cutOff = database.transaction(async ({ run }) => {
    const pid = (await run('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid'];
    await database.run('SELECT pg_terminate_backend($1)', [pid]);
    await until(
      async () =>
        (await database.run('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).rows.length === 0,
      { what: 'the connection is ended' },
    );
    await run('SELECT 1');
  });
  await expect(cutOff).rejects.toMatchObject(unreachable);
  await ask();
});
