import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askStatusOf, readFeed, untilSettled } from '../support/api-reader.js';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { openPushSender } from '../support/push-sender.js';
import { apiKey, openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { makeReport, pushUntilKept } from './cluster.js';

let postgres: PostgresServer;
let databaseUrl: string;
let processes: ServerProcesses;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  databaseUrl = await postgres.createDatabase();
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

const unset = { EARSHOT_PUSH_TOKEN: undefined, EARSHOT_API_KEY: undefined };
const authorization = { authorization: `Bearer ${apiKey}` };

describe('a start while the database is away', () => {
  it('takes pushes at once, and goes on to everything else when it comes', async () => {
    await postgres.stop();
    const server = processes.spawn({ settings: { EARSHOT_DATABASE_URL: databaseUrl } });
    const url = await server.url;
    const sender = openPushSender(url);
    for (const number of [1, 2, 3]) await pushUntilKept(sender, `[${makeReport(number)}]`);
    sender.close();
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', inbox: 'spooling' }]);
    const calls = await fetch(`${url}/api/v1/calls`, { headers: authorization });
    expect([calls.status, await calls.json()]).toMatchObject([503, { code: 'store-unavailable' }]);
    const metrics = await (await fetch(`${url}/metrics`, { headers: authorization })).text();
    expect(metrics).toMatch(/earshot_spool_pushes 3\n/);

    await postgres.start();
    await until(() => server.words().includes('The store is back.'), { what: 'it notices the database' });
    await untilSettled(url);
    expect(await readFeed(url)).toHaveLength(3);
    expect(server.words().match(/The store cannot be reached\./g)).toHaveLength(1);
  });

  it('is refused with a sentence where nobody knows the push token yet', async () => {
    await postgres.stop();
    const server = processes.spawn({ settings: { EARSHOT_DATABASE_URL: databaseUrl, ...unset } });
    expect((await server.exited).code).toBe(1);
    expect(server.words()).toMatch(/has no copy yet\. Set EARSHOT_PUSH_TOKEN/);
    await postgres.start();
  });
});

describe('secrets that nobody set', () => {
  it('are the same for all processes, and known to each without the database once it had them', async () => {
    const settings = { EARSHOT_DATABASE_URL: databaseUrl, ...unset };
    const dirs = ['a', 'b'].map((name) => join(processes.dataDir, name));
    const servers = dirs.map((dataDir) => processes.spawn({ dataDir, settings }));
    await Promise.all(servers.map(({ url }) => url));
    const tokens = dirs.map((dataDir) => readFileSync(join(dataDir, 'push-token'), 'utf8').trim());
    expect(tokens[0]).toMatch(/^[\w-]{43}$/);
    expect(tokens[1]).toBe(tokens[0]);
    for (const dataDir of dirs) expect(statSync(join(dataDir, 'api-key')).mode & 0o777).toBe(0o600);

    await Promise.all(servers.map((server) => server.stop()));
    await postgres.stop();
    const again = processes.spawn({ dataDir: dirs[0] ?? '', settings });
    const url = await again.url;
    expect(await askStatusOf(url, `/push/${tokens[0] ?? ''}`)).toBe(200);
    expect(await askStatusOf(url, '/push/another-token-0123456789')).toBe(404);
    await postgres.start();
  });
});
