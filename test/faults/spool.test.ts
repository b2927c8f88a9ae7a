import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readFeed, untilSettled } from '../support/api-reader.js';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { openPushSender } from '../support/push-sender.js';
import { openServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { expectAllOf, inboxOf, openServerUnderLoad, readyz, settingsOf } from './server-under-load.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());
beforeEach(() => postgres.start());

describe('a local inbox beside a database that is away', () => {
  it('keeps what it took when its process is killed, which starts again without the database', async () => {
    const before = await openServerUnderLoad(await postgres.createDatabase());
    await postgres.stop('immediate');
    await before.untilSpooling();
    await before.server.kill();
    const url = await before.restart();
    await before.load.acknowledges(100);
    expect(await readyz(url)).toMatchObject({ status: 200, body: { inbox: 'spooling' } });
    await postgres.start();
    await until(async () => (await inboxOf(url)).goesTo === 'database', { what: 'it finds the database' });
    await before.load.stop();
    await expectAllOf(before.load, url);
  });

  it('refuses what is beyond its bound with a numeric code, says that it is not ready, and mends itself', async () => {
    const databaseUrl = await postgres.createDatabase();
    const server = await openServerUnderLoad(databaseUrl, {
      EARSHOT_SPOOL_MAX_BYTES: String(2 * 1024 * 1024),
    });
    await postgres.stop('immediate');
    const { failures } = server.load;
    await until(() => failures.length > 20, { what: 'pushes are refused' });
    expect(new Set(failures.map(({ status, code }) => `${status} ${String(code)}`))).toEqual(
      new Set(['503 503']),
    );
    expect((await readyz(server.url)).status).toBe(503);
    expect((await server.inbox()).bytes).toBeLessThanOrEqual(2 * 1024 * 1024);
    await postgres.start();
    await server.load.acknowledges(100);
    await server.finish();
  });

  it('makes one message of what two processes took, each into its own', async () => {
    const databaseUrl = await postgres.createDatabase();
    const processes = await openServerProcesses();
    onTestFinished(() => processes.close());
    const settings = settingsOf(databaseUrl);
    const dataDirs = ['one', 'two'].map((name) => join(processes.dataDir, name));
    const urls = await Promise.all(dataDirs.map((dataDir) => processes.spawn({ settings, dataDir }).url));
    const senders = urls.map((url) => openPushSender(url));
    await Promise.all(
      urls.map((url) =>
        until(async () => (await inboxOf(url)).goesTo === 'database', { what: 'both use the database' }),
      ),
    );
    await postgres.stop('immediate');
    const texts = Array.from(
      { length: 100 },
      (_, number) => `{"callId":"100000000001^${number}","statusCode":"200010"}`,
    );
    for (const text of texts) {
      for (const sender of senders)
        expect(await sender.push(`[${text}]`)).toMatchObject({ status: 200, code: 0 });
    }
    await postgres.start();
    for (const url of urls) {
      await until(async () => (await inboxOf(url)).pending === 0, { what: 'both are drained' });
    }
    await untilSettled(urls[0] ?? '');
    const feed = await readFeed(urls[1] ?? '');
    expect(feed.map(({ text }) => text).toSorted()).toEqual(texts.toSorted());
    for (const sender of senders) sender.close();
  });
});
