import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { openReceiver, type Receiver, type ReceiverPush } from '../../src/simulator/receiver/receiver.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readCalls, readFeed, readQuarantine, readRecordings, readStatus } from '../support/api-reader.js';
import { makeWav } from '../support/audio-samples.js';
import { useS3Server } from '../support/s3-server.js';
import {
  apiKey,
  openServerProcesses,
  pushToken,
  type ServerProcess,
  type ServerProcesses,
} from '../support/server-process.js';
import { createDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { until } from '../support/until.js';

const s3 = useS3Server();
let processes: ServerProcesses;
let database: TemporaryDatabase;
let simulator: Simulator | undefined;
let receiver: Receiver;
let pushes: ReceiverPush[];

beforeEach(async () => {
  processes = await openServerProcesses();
  database = await createDatabase();
  pushes = [];
  const onEvent = (event: { kind: string }): void => {
    if (event.kind === 'push') pushes.push(event as ReceiverPush);
  };
  receiver = await openReceiver({ port: 0 }, { clock: () => Date.now(), onEvent });
});
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
  await receiver.close();
  await processes.close();
  await database.drop();
});

const settingsFile = (): string => join(dirname(processes.dataDir), 'earshot.json');
const readSettings = () => JSON.parse(readFileSync(settingsFile(), 'utf8')) as Record<string, unknown>;

/** What a program sees of an instance, wherever its data is. */
async function look(url: string): Promise<Record<string, unknown>> {
  const client = createClient({ baseUrl: url, apiKey });
  const recordings = await readRecordings(url);
  const archived = recordings.filter(({ state }) => state === 'archived');
  const audio = await Promise.all(
    archived.map(async ({ id }) => {
      const headers = { authorization: `Bearer ${apiKey}` };
      const response = await fetch(`${url}/api/v1/recordings/${id}/audio`, { headers });
      return [id, response.status, Buffer.from(await response.arrayBuffer()).toString('base64')];
    }),
  );
  const { items: endpoints } = await client.endpoints.list();
  const { items: deliveries } = await client.deliveries.list({ limit: 500 });
  const details = await Promise.all(deliveries.map(({ id }) => client.deliveries.get(id)));
  return {
    // A link of ours is minted anew for whoever asks.
    feed: (await readFeed(url)).map((entry) => ({
      ...entry,
      text: entry.text.replace(/http[^"]*\/r\/r1\?[^"]*/, 'ours'),
    })),
    calls: await readCalls(url),
    recordings,
    audio: audio.toSorted(),
    quarantine: await readQuarantine(url),
    endpoints,
    deliveries: details,
  };
}

const push = async (url: string, body: string): Promise<void> => {
  const response = await fetch(`${url}/push/${pushToken}`, { method: 'POST', body });
  expect(response.status).toBe(200);
};

async function untilAtEase(url: string): Promise<void> {
  const client = createClient({ baseUrl: url, apiKey });
  await until(
    async () => {
      const { recordings, inbox, consumers } = await readStatus(url);
      const { items: pending } = await client.deliveries.list({ state: 'pending' });
      const isRead = consumers.every(({ name, lag }) => lag === 0 || /^(endpoint:|analyser$)/.test(name));
      const isIdle = isRead && inbox.pending + recordings.pending + pending.length === 0;
      return isIdle && receivedCalls().length >= (await readFeed(url)).length;
    },
    { what: 'everything is archived and delivered', everyMs: 100 },
  );
}

async function countCopied(): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ last: string }>('SELECT last_seq AS last FROM journal_head');
    return Number(rows[0]?.last);
  } finally {
    await client.end();
  }
}

/** Calls whose messages the endpoint has got, each as often as it came. */
const receivedCalls = (): string[] => pushes.flatMap(({ callIds }) => callIds).toSorted();

describe('an instance that moves', () => {
  it('takes pushes meanwhile, and is the same in PostgreSQL and S3, and back on its own disk', async () => {
    mkdirSync(dirname(settingsFile()), { recursive: true });
    writeFileSync(
      settingsFile(),
      JSON.stringify({
        EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8',
        recordingHosts: ['127.0.0.1'],
      }),
    );
    let server = processes.spawn();
    let url = await server.url;
    const client = createClient({ baseUrl: url, apiKey });
    // What a busy machine answers late would come twice.
    await client.endpoints.create({ url: receiver.url, lingerMs: 20, batchSize: 10, timeoutMs: 30_000 });
    const { recordFile } = await client.recordings.publish(
      '{"callId":"own^1"}',
      new Blob([makeWav({ seconds: 2 })]),
    );
    await push(url, '[{"no":"callId"}]');
    simulator = await openSimulator(
      {
        ...{ to: `${url}/push/${pushToken}`, calls: 60, rate: 15, batch: 3, seed: 7, reportShare: 0.5 },
        ...{ minCallSeconds: 2, maxCallSeconds: 5, timeoutMs: 10_000, timeScale: 1000 },
        faults: { 'duplicate-push': 0.2 },
      },
      { clock: () => Date.now() },
    );
    const calling = simulator.run();

    // Under load, and killed in the middle.
    await until(async () => (await readFeed(url)).length > 20, { what: 'something is there to be moved' });
    const bucket = await s3().createBucket();
    const there = [
      '--to',
      database.url,
      '--storage-to',
      `s3://${bucket}/calls?endpoint=${s3().origin}&region=default`,
    ];
    const killed = processes.startWith({ settings: keys() }, 'move', ...there);
    await until(async () => (await countCopied()) > 0, { what: 'the copy has begun' });
    await killed.kill();
    expect(Object.keys(readSettings())).not.toContain('EARSHOT_DATABASE_URL');

    const moving = processes.startWith({ settings: keys() }, 'move', ...there);
    await calling;
    await untilAtEase(url);
    await until(() => /Stop Earshot now/.test(moving.words()), {
      what: 'the server is in the way',
    });
    await push(url, '[{"callId":"late^1","majorIntent":"A"}]');
    await untilAtEase(url);
    const before = await look(url);
    await server.stop();
    expect([(await moving.exited).code, moving.words()]).toEqual([0, expect.stringMatching(/Moved\./)]);
    expect(moving.words()).not.toContain(database.url);
    expect(readSettings()).toMatchObject({
      EARSHOT_DATABASE_URL: database.url,
      recordingHosts: ['127.0.0.1'],
    });
    expect(statSync(settingsFile()).mode & 0o777).toBe(0o600);

    [server, url] = await startAgain(keys());
    await expectSame(url, before);
    expect((await readStatus(url)).store).toMatchObject({ kind: 'postgres' });
    await expectLinkToPlay(url, recordFile);
    await expectOnePush(url, 'after^1');
    await expectRefused(() => processes.run('key', 'list'), database.url);

    const above = await look(url);
    await server.stop();
    const folder = pathToFileURL(join(processes.dataDir, 'recordings-again')).href;
    const back = processes.startWith(
      { settings: keys() },
      'move',
      '--to',
      'embedded',
      '--storage-to',
      folder,
    );
    expect([(await back.exited).code, back.words()]).toEqual([0, expect.stringMatching(/Moved\./)]);
    expect(readSettings()).not.toHaveProperty('EARSHOT_DATABASE_URL');

    [, url] = await startAgain();
    await expectSame(url, above);
    expect((await readStatus(url)).store).toMatchObject({ kind: 'embedded' });
    await expectLinkToPlay(url, recordFile);
    await expectOnePush(url, 'after^2');
    const twice = receivedCalls().filter((callId, index, all) => callId === all[index - 1]);
    const feed = (await readFeed(url)).map(({ callId }) => callId).toSorted();
    expect(receivedCalls()).toEqual(feed);
    expect(twice.length).toBe(feed.length - new Set(feed).size);
  });
});

const keys = () => ({
  EARSHOT_S3_ACCESS_KEY_ID: s3().accessKeyId,
  EARSHOT_S3_SECRET_ACCESS_KEY: s3().secretAccessKey,
});

async function startAgain(settings: Record<string, string> = {}): Promise<[ServerProcess, string]> {
  const server = processes.spawn({ settings });
  const url = await server.url;
  await until(async () => (await readStatus(url)).journal.lastSeq > 0, { what: 'the store is open' });
  return [server, url];
}

async function expectSame(url: string, before: Readonly<Record<string, unknown>>): Promise<void> {
  const now = await look(url);
  for (const [what, told] of Object.entries(before)) expect([what, now[what]]).toEqual([what, told]);
}

async function expectLinkToPlay(url: string, recordFile: string): Promise<void> {
  const { pathname, search } = new URL(recordFile);
  const response = await fetch(url + pathname + search);
  expect([response.status, Buffer.from(await response.arrayBuffer())]).toEqual([
    200,
    makeWav({ seconds: 2 }),
  ]);
}

/** The endpoint gets the next message, once, and nothing that it had before. */
async function expectOnePush(url: string, callId: string): Promise<void> {
  const before = pushes.length;
  await push(url, JSON.stringify([{ callId, majorIntent: 'A' }]));
  await untilAtEase(url);
  await until(() => pushes.length > before, { what: 'the endpoint has got it' });
  expect(pushes.slice(before).flatMap(({ callIds }) => callIds)).toEqual([callId]);
}

/** A start without the new settings, by mistake. */
async function expectRefused(
  run: () => Promise<{ code: number | null; words: string }>,
  secret: string,
): Promise<void> {
  renameSync(settingsFile(), `${settingsFile()}.away`);
  try {
    const { code, words } = await run();
    expect([code, words]).toEqual([
      1,
      expect.stringMatching(/postgres:\/\/127\.0\.0\.1:\d+\/test_\w+ now.*store-moved/s),
    ]);
    expect(words).not.toContain(secret);
  } finally {
    renameSync(`${settingsFile()}.away`, settingsFile());
  }
}
