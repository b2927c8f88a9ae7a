import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalPeers } from '../../../test/support/local-peers.js';
import { createDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { until } from '../../../test/support/until.js';
import { Database } from './database.js';

const peers = createLocalPeers();
let temporary: TemporaryDatabase;
let database: Database | undefined;

beforeEach(async () => {
  temporary = await createDatabase();
});
afterEach(async () => {
  await database?.close();
  database = undefined;
  await peers.close();
  await temporary.drop();
});

/** Beside the server that there is, one before it on this port. */
function openBehind(port: number): Database {
  const url = new URL(temporary.url);
  const hosts = `127.0.0.1:${port},${url.host}`;
  return new Database({
    url: temporary.url.replace(url.host, hosts),
    connections: 4,
    answerWithinMs: 500,
  });
}

const answers = async (asked: Database) => (await asked.run('SELECT 1 AS one')).rows[0]?.['one'] === 1;

it('finds the server that answers behind one where nobody listens', async () => {
  const opened = (database = openBehind(1));
  await expect(opened.run('SELECT 1')).rejects.toMatchObject({ kind: 'unreachable' });
  expect(await answers(opened)).toBe(true);
});

it('finds it behind one that swallows everything, also when many ask at the same moment', async () => {
  const swallowing = await peers.servePlain(() => undefined);
  const opened = (database = openBehind(swallowing));
  const first = await Promise.allSettled(Array.from({ length: 4 }, () => opened.run('SELECT 1')));
  expect(first.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'rejected'));
  await until(() => answers(opened), { what: 'the second server is asked' });
  expect(await Promise.all(Array.from({ length: 4 }, () => answers(opened)))).not.toContain(false);
});
