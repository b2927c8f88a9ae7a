import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import type { DemoState } from '../../src/contract/service.js';
import { toAssetFileName } from '../../src/domain/asset-file-name.js';
import { apiKey, openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { createDatabase } from '../support/temporary-database.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function serve(settings: Readonly<Record<string, string>> = {}) {
  const server = processes.spawn({ settings });
  const client = createClient({ baseUrl: await server.url, apiKey });
  const reach = (state: DemoState['state']) =>
    until(async () => (await client.demo.get()).state === state, {
      what: `demo data are ${state}`,
    });
  return { server, client, reach };
}

async function loadAndRemove(settings: Readonly<Record<string, string>>): Promise<void> {
  const { server, client, reach } = await serve(settings);
  await until(async () => (await client.demo.get()).canLoad, { what: 'an instance without calls' });
  expect((await client.demo.load()).state).toBe('loading');
  await expect(client.demo.remove()).rejects.toMatchObject({ code: 'demo-busy' });
  await reach('present');

  const listed = async (state: 'archived' | 'lost') =>
    (await client.recordings.list({ state, limit: 500 })).items;
  // What was under way when loading ended may still arrive.
  const { there, status } = await until(
    async () => {
      const [status, there] = [await client.status(), await client.demo.get()];
      return (await listed('archived')).length === there.archived && { status, there };
    },
    { what: 'both count the same' },
  );
  expect(there).toMatchObject({ calls: there.wanted, canLoad: false });
  expect(there.archived).toBeGreaterThan(there.wanted * 0.8);
  expect((await listed('lost')).length).toBeGreaterThan(0);
  expect((await client.quarantine.list()).items).toHaveLength(3);
  // They count nowhere.
  const { madeUp, ...counted } = status.recordings;
  expect(madeUp).toBeGreaterThan(there.archived);
  expect([...Object.values(counted), status.quarantine].filter((count) => count > 0)).toEqual([]);
  const feed = await client.messages.read({ limit: 500 });
  expect(new Set(feed.items.map(({ source }) => source))).toEqual(new Set(['demo']));
  expect(new Set(feed.items.map(({ type }) => type)).size).toBe(3);
  const short = (await listed('archived')).filter(({ flags }) => flags.includes('short'));
  expect(short.length).toBeGreaterThan(0);
  expect(short.every(({ asset }) => asset !== undefined)).toBe(true);
  // What serves its recordings is no source that anybody sees.
  expect((await client.sources.list()).items.map(({ name }) => name)).toEqual(['default']);

  // A call of somebody's own among them, and what people did with the made-up ones.
  await client.sources.pushSample('default');
  const [call] = (await client.calls.search({ state: 'archived', limit: 1 })).items;
  if (!call) throw new Error('there is one');
  await client.calls.comment(call.callId, { text: 'Listen to this.' });
  await client.calls.addTag(call.callId, 'angry');

  expect((await client.demo.remove()).state).toBe('removing');
  await reach('absent');
  const left = await client.calls.search();
  expect(left.items.map(({ callId }) => callId)).toEqual(['10000161****^1000018****']);
  expect(await filesIn(join(processes.dataDir, 'recordings'))).toEqual([]);
  expect((await client.tags()).items).toEqual([]);
  expect((await client.messages.read({ limit: 500 })).items).toHaveLength(1);
  expect((await client.messages.read({ limit: 500, types: 'source.erased' })).items).toHaveLength(1);
  const after = await client.status();
  expect(after.quarantine).toBe(0);
  // Of the sample, which is no call of anybody's.
  const ofAll = Object.values(after.recordings).reduce((sum, count) => sum + count, 0);
  expect([ofAll, after.recordings.madeUp]).toEqual([1, 1]);
  await until(async () => (await client.status()).consumers.every(({ lag }) => lag === 0), {
    what: 'nothing is left to do',
  });
  expect((await client.demo.get()).canLoad).toBe(true);
  const words = server.words();
  expect(words).not.toContain('"level":50');
  expect(await server.stop()).toMatchObject({ code: 0 });
  const rebuilt = await processes.runWith({ settings }, 'project', '--rebuild', '--json');
  expect(rebuilt.code).toBe(0);
}

it('demo data come like real calls, and go without a trace', async () => {
  await loadAndRemove({});
});

it('demo data come and go on PostgreSQL, too', async () => {
  const database = await createDatabase();
  try {
    await loadAndRemove({ EARSHOT_DATABASE_URL: database.url });
  } finally {
    await processes.close();
    await database.drop();
  }
});

/** A file as a crash leaves it that comes between its commit and the note of it. */
async function leaveUnnoted(client: ReturnType<typeof createClient>): Promise<void> {
  const { id, callId } = await until(
    async () => (await client.recordings.list({ limit: 500 })).items.find(({ asset }) => !asset),
    { what: 'a recording is not archived' },
  );
  const { startAt, firstReceivedAt } = await client.calls.get(callId);
  const fileName = toAssetFileName({
    ...{ recordingId: id, callId, container: 'wav', timeZone: 'Asia/Shanghai' },
    ...(startAt === undefined ? {} : { callStartAt: Date.parse(startAt) }),
    firstReceivedAt: Date.parse(firstReceivedAt),
  });
  const path = join(processes.dataDir, 'recordings', fileName);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'RIFF');
}

it('demo data that a crash left half-way can be removed', async () => {
  const first = await serve();
  await until(async () => (await first.client.demo.get()).canLoad, { what: 'an instance without calls' });
  await first.client.demo.load();
  await until(async () => (await first.client.demo.get()).archived > 5, {
    what: 'some are there',
  });
  await first.server.kill();
  const { client, reach } = await serve();
  const there = await until(() => client.demo.get(), { what: 'it answers' });
  expect(there).toMatchObject({ state: 'present', canLoad: false });
  await leaveUnnoted(client);
  await client.demo.remove();
  await reach('absent');
  expect((await client.calls.search()).items).toEqual([]);
  expect(await filesIn(join(processes.dataDir, 'recordings'))).toEqual([]);
  expect((await client.demo.get()).canLoad).toBe(true);
});
