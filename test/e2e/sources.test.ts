import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import type { Source } from '../../src/contract/sources.js';
import { apiKey, openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { createDatabase } from '../support/temporary-database.js';
import { makeWav } from '../support/audio-samples.js';
import { sendObject } from '../support/download-bench.js';
import { createLocalPeers } from '../support/local-peers.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

/** As generated: a setting would fix it. */
const generated = { EARSHOT_PUSH_TOKEN: undefined };

async function serve(settings: Readonly<Record<string, string | undefined>> = {}, dataDir?: string) {
  const server = processes.spawn({
    settings: { ...generated, ...settings },
    ...(dataDir ? { dataDir } : {}),
  });
  const url = await server.url;
  /** The same push path on this server, whatever the source's URL names. */
  const push = async ({ pushUrl = '' }: Source, callId: string): Promise<number> => {
    const body = JSON.stringify([{ callId, majorIntent: 'A' }]);
    return (await fetch(url + new URL(pushUrl).pathname, { method: 'POST', body })).status;
  };
  return { server, url, push, client: createClient({ baseUrl: url, apiKey }) };
}

it('pushes are marked with their source; rotated URLs overlap, removed ones are unknown', async () => {
  const { server, client, push } = await serve();
  const [old] = (await client.sources.list()).items;
  if (!old) throw new Error('there is always the default source');
  const east = await client.sources.create({ name: 'east' });
  expect([await push(old, '1'), await push(east, '2')]).toEqual([200, 200]);
  const rotated = await client.sources.rotate('default', { overlapSeconds: 3_600 });
  expect([await push(old, '3'), await push(rotated, '4')]).toEqual([200, 200]);
  const feed = await until(
    async () => {
      const { items } = await client.messages.read();
      return items.length === 4 && items;
    },
    { what: 'all four are in the journal' },
  );
  expect(feed.map(({ callId, source }) => [callId, source])).toEqual([
    ['1', 'default'],
    ['2', 'east'],
    ['3', 'default'],
    ['4', 'default'],
  ]);
  expect((await client.sources.list()).items.map(({ name, pushes }) => [name, pushes])).toEqual([
    ['default', 3],
    ['east', 1],
  ]);

  await client.sources.remove(east.id);
  expect(await push(east, '5')).toBe(404);
  const sample = await client.sources.pushSample('default');
  expect([sample.status, JSON.parse(sample.body)]).toEqual([200, { code: 0, msg: 'Received successfully' }]);
  // The start may print the token that there was; nothing that the server says holds another.
  for (const { pushUrl = '' } of [east, rotated]) {
    expect(server.words()).not.toContain(new URL(pushUrl).pathname.slice('/push/'.length));
  }
});

it('a start knows every source, and commands beside the server the default one as it is now', async () => {
  const first = await serve();
  const [old] = (await first.client.sources.list()).items;
  const east = await first.client.sources.create({ name: 'east' });
  const rotated = await first.client.sources.rotate('default');
  expect((await stat(join(processes.dataDir, 'sources.json'))).mode & 0o777).toBe(0o600);
  const kept = await readFile(join(processes.dataDir, 'push-token'), 'utf8');
  expect(rotated.pushUrl).toContain(kept.trim());
  await first.server.kill();

  const { push, server, client } = await serve();
  for (const source of [old, east, rotated]) {
    if (source) expect(await push(source, source.name)).toBe(200);
  }
  expect((await client.sources.list()).items.map(({ name, pushes }) => [name, pushes])).toEqual([
    ['default', 2],
    ['east', 1],
  ]);
  expect((await server.stop()).code).toBe(0);
  // What was counted outlives a stop.
  const again = await serve();
  expect((await again.client.sources.list()).items.map(({ pushes }) => pushes)).toEqual([2, 1]);
});

it('a setting fixes the default token: it cannot be rotated', async () => {
  const { client } = await serve({ EARSHOT_PUSH_TOKEN: 'token-of-the-settings' });
  const [source] = (await client.sources.list()).items;
  expect(source).toMatchObject({ isFixed: true, pushUrl: expect.stringMatching(/token-of-the-settings$/) });
  await expect(client.sources.rotate('default')).rejects.toMatchObject({ status: 409, code: 'source-fixed' });
});

it('processes that share a database take the pushes of a source that another made, without it, too', async () => {
  const database = await createDatabase();
  try {
    const settings = { EARSHOT_DATABASE_URL: database.url };
    const one = await serve(settings);
    const otherDir = join(processes.dataDir, '..', 'other');
    const other = await serve(settings, otherDir);
    const east = await one.client.sources.create({ name: 'east' });
    await until(async () => (await other.push(east, '1')) === 200, { what: 'the other process knows it' });
    const rotated = await one.client.sources.rotate('default', { overlapSeconds: 0 });
    await until(async () => (await other.push(rotated, '2')) === 200, { what: 'it knows the new token' });
    await other.server.kill();

    // A database that is not there: the copy in the data folder is what it goes by.
    const away = { EARSHOT_DATABASE_URL: 'postgres://earshot:x@127.0.0.1:9/none' };
    const alone = await serve(away, otherDir);
    expect([await alone.push(east, '3'), await alone.push(rotated, '4')]).toEqual([200, 200]);
    await alone.server.kill();

    await one.client.sources.remove(east.id);
    const third = await serve(settings, join(processes.dataDir, '..', 'third'));
    expect([await third.push(east, '5'), await third.push(rotated, '6')]).toEqual([404, 200]);
  } finally {
    await processes.close();
    await database.drop();
  }
});

it('a source sends no more in a day than it may: the sender is told to come again, and a person is told', async () => {
  const { client, push, url, server } = await serve();
  const east = await client.sources.create({ name: 'east' });
  const [usual] = (await client.sources.list()).items;
  if (!usual) throw new Error('there is always the default source');
  const body = Buffer.byteLength(JSON.stringify([{ callId: '1', majorIntent: 'A' }]));
  const limit = ['source', 'limit', 'east', '--push-bytes-per-day'];
  const limited = await processes.run(...limit, String(body + 1), '--public-url', url);
  expect(limited.code).toBe(0);
  expect([
    await push(east, '1'),
    await push(east, '2'),
    await push(east, '3'),
    await push(usual, '4'),
  ]).toEqual([...[200, 503, 503, 200]]);
  const told = (await client.sources.list()).items.find(({ name }) => name === 'east');
  expect(told).toMatchObject({ pushBytesPerDay: body + 1, today: { pushBytes: body, refusedPushes: 2 } });
  await until(async () => (await client.audit.list({ action: 'source.over-limit' })).items.length === 1, {
    what: 'the audit log tells of it',
  });
  expect(server.words()).toContain('A source has sent what it may in one day');
  expect(
    await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${apiKey}` } })).text(),
  ).toContain('earshot_pushes_over_limit_total 2');
  await client.sources.change(east.id, { pushBytesPerDay: null });
  expect(await push(east, '2')).toBe(200);
});

it('recordings of a source wait once they have brought what they may, say why, and are fetched once they may', async () => {
  const files = createLocalPeers();
  const wav = makeWav({ seconds: 1 });
  const port = await files.serve((_, response) => sendObject(response, wav));
  try {
    const { client, url, server } = await serve({
      EARSHOT_RECORDING_HOSTS: '127.0.0.1',
      EARSHOT_ALLOW_NETWORKS: '127.0.0.1',
    });
    const east = await client.sources.create({ name: 'east' });
    const limit = ['source', 'limit', 'east', '--public-url', url, '--recording-bytes-per-day'];
    expect((await processes.run(...limit, String(wav.length))).code).toBe(0);
    const pushOne = async (callId: string, hours: number) => {
      const expires = Math.floor(Date.now() / 1000) + hours * 3_600;
      const recordFile = `http://127.0.0.1:${port}/${callId}_record.wav?Expires=${expires}`;
      const body = JSON.stringify([{ callId, recordFile }]);
      await fetch(url + new URL(east.pushUrl ?? '').pathname, { method: 'POST', body });
    };
    const recordingOf = async (callId: string) => (await client.recordings.list({ callId })).items[0];
    // Looked at again at once, and not within the hour: processes know of a limit within seconds.
    const isFetched = async (callId: string) => {
      const recording = await recordingOf(callId);
      if (recording?.state === 'pending') await client.recordings.retry(recording.id).catch(() => undefined);
      return recording?.state === 'archived';
    };
    let pushed = 0;
    const waiting = await until(
      async () => {
        await pushOne(`early^${pushed++}`, 48);
        const { items } = await client.recordings.list({ state: 'pending' });
        return items.find(({ reason }) => reason === 'source-over-limit');
      },
      { what: 'a recording that waits', everyMs: 200 },
    );
    expect(waiting.attempts).toBe(0);
    await until(async () => (await client.audit.list({ action: 'source.over-limit' })).items.length > 0, {
      what: 'the audit log tells of it',
    });
    expect(server.words()).toContain('The recordings of a source have brought what they may in one day');

    // At its limit and below twice of it: what is about to die is fetched.
    const brought = async () =>
      (await client.sources.list()).items.find(({ name }) => name === 'east')?.today.recordingBytes ?? 0;
    await client.sources.change(east.id, { recordingBytesPerDay: await brought() });
    await pushOne('dying^1', 1);
    await until(() => isFetched('dying^1'), { what: 'what is about to die is fetched', everyMs: 200 });
    expect(await recordingOf(waiting.callId)).toMatchObject({
      state: 'pending',
      reason: 'source-over-limit',
    });

    await client.sources.change(east.id, { recordingBytesPerDay: null });
    await until(() => isFetched(waiting.callId), { what: 'what had waited is fetched', everyMs: 200 });
  } finally {
    await files.close();
  }
});

it('a link to a host that its source may not name is refused with its reason, and fetched once it may', async () => {
  const files = createLocalPeers();
  const port = await files.serve((_, response) => sendObject(response, makeWav({ seconds: 1 })));
  try {
    const { client, url } = await serve({
      EARSHOT_RECORDING_HOSTS: '127.0.0.1',
      EARSHOT_ALLOW_NETWORKS: '127.0.0.1',
    });
    const east = await client.sources.create({ name: 'east' });
    await client.sources.change(east.id, { recordingHosts: ['records.test', '127.0.0.1:1'] });
    const [usual] = (await client.sources.list()).items;
    // The limit holds for downloads once the archiver has asked for it.
    await until(
      async () => {
        for (const { pushUrl = '', name } of [usual, east].filter((source) => source !== undefined)) {
          const expires = Math.floor(Date.now() / 1000) + 3_600;
          const recordFile = `http://127.0.0.1:${port}/${name}-${Date.now()}_record.wav?Expires=${expires}`;
          const body = JSON.stringify([{ callId: `${name}^${Date.now()}`, recordFile }]);
          await fetch(url + new URL(pushUrl).pathname, { method: 'POST', body });
        }
        return (await client.recordings.list({ state: 'blocked' })).items.length > 0;
      },
      { what: 'a recording of the narrowed source is refused', everyMs: 200 },
    );
    const refused = (await client.recordings.list({ state: 'blocked' })).items;
    expect(refused.map(({ callId, reason }) => [callId.split('^')[0], reason])).toContainEqual([
      'east',
      'host-not-of-source',
    ]);
    expect(refused.every(({ callId }) => callId.startsWith('east'))).toBe(true);
    await client.sources.change(east.id, { recordingHosts: [`127.0.0.1:${port}`] });
    await until(
      async () => {
        const { recordings } = await client.status();
        return recordings.blocked === 0 && recordings.pending === 0 && recordings.archived > 0;
      },
      { what: 'all of them are archived' },
    );
  } finally {
    await files.close();
  }
});
