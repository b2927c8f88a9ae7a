import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Export } from '../../src/contract/exports.js';
import { createClient } from '../../src/contract/client.js';
import { openCluster } from '../cluster/cluster.js';
import { useS3Server } from '../support/s3-server.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const s3 = useS3Server();
const calls = 10_000;
const callsInPush = 500;

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

async function push(to: string, url = to): Promise<void> {
  for (let first = 0; first < calls; first += callsInPush) {
    const messages = Array.from({ length: callsInPush }, (_, index) => ({
      ...{ callId: `${first + index}^${first + index + 7}`, recordFile: '', taskId: '118', duration: 12 },
      ...{ startTime: '2025-05-22 12:29:20', endTime: '2025-05-22 12:31:31' },
    }));
    const body = JSON.stringify(messages);
    // As the platform does: what a busy machine has not acknowledged in time comes again.
    const isAcknowledged = async () => {
      const { status } = await fetch(`${to}/push/${pushToken}`, { method: 'POST', body });
      return status === 200;
    };
    await until(isAcknowledged, { what: 'the push is acknowledged' });
  }
  const counted = () => createClient({ baseUrl: url, apiKey }).calls.count();
  await until(async () => (await counted()).calls === calls, {
    what: 'every call is there',
  });
}

async function rowsOf(url: string, id: string): Promise<number> {
  const address = createClient({ baseUrl: url }).exports.fileAddress(id);
  const response = await fetch(address, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(response.status).toBe(200);
  const rows = (await response.text()).trim().split('\r\n').slice(1);
  return new Set(rows.map((row) => row.split(',')[0])).size;
}

async function untilMade(url: string, id: string): Promise<Export> {
  const { exports } = createClient({ baseUrl: url, apiKey });
  const ended = async () => {
    const found = await exports.get(id);
    return found.endedAt === undefined ? undefined : found;
  };
  return await until(ended, { what: 'the export ends' });
}

it('an export is made anew, and whole, after the process that was making it was killed', async () => {
  const first = processes.spawn();
  const url = await first.url;
  await push(url);
  const { exports } = createClient({ baseUrl: url, apiKey });
  // Several, so that one of them is surely under way.
  const ids: string[] = [];
  for (const format of ['csv', 'xlsx', 'csv'] as const)
    ids.push((await exports.create({ format, filter: {} })).id);
  const isRunning = async () => (await exports.list()).items.some(({ state }) => state === 'running');
  await until(isRunning, { what: 'an export is being made', everyMs: 1 });
  await first.kill();

  const again = await processes.spawn().url;
  for (const id of ids)
    expect(await untilMade(again, id)).toMatchObject({ state: 'done', done: calls, total: calls });
  const [csv = '', , other = ''] = ids;
  expect([await rowsOf(again, csv), await rowsOf(again, other)]).toEqual([calls, calls]);
  const recordings = join(processes.dataDir, 'recordings');
  expect(await readdir(join(recordings, '.drafts'))).toEqual([]);
  expect(await readdir(join(recordings, 'exports'))).toHaveLength(ids.length);
});

it('an export is made by the process that has the role, and taken from any', async () => {
  const cluster = await openCluster();
  onTestFinished(() => cluster.close());
  const intake = await cluster.start('a', { EARSHOT_ROLES: 'intake' }).url;
  // As few connections as all roles need.
  const url = await cluster.start('b', { EARSHOT_ROLES: 'api', EARSHOT_DATABASE_CONNECTIONS: '13' }).url;
  await push(intake, url);
  const { id } = await createClient({ baseUrl: url, apiKey }).exports.create({ format: 'csv', filter: {} });
  expect(await untilMade(url, id)).toMatchObject({ state: 'done', done: calls, total: calls });
  const other = await cluster.start('c', { EARSHOT_ROLES: 'api' }).url;
  expect(await rowsOf(other, id)).toBe(calls);
});

it('an export is kept in the object storage where recordings are, and taken from there', async () => {
  const settings = {
    EARSHOT_STORAGE_URL: `s3://${await s3().createBucket()}/calls?endpoint=${s3().origin}&key={year}/{month}/{day}/{name}`,
    EARSHOT_S3_ACCESS_KEY_ID: s3().accessKeyId,
    EARSHOT_S3_SECRET_ACCESS_KEY: s3().secretAccessKey,
  };
  const url = await processes.spawn({ settings }).url;
  await push(url);
  const { id } = await createClient({ baseUrl: url, apiKey }).exports.create({ format: 'csv', filter: {} });
  expect(await untilMade(url, id)).toMatchObject({ state: 'done', done: calls });
  expect(await rowsOf(url, id)).toBe(calls);
});
