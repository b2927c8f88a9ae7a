import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readFeed, readRecordings, readStatus, untilSettled } from '../support/api-reader.js';
import { takeFreePorts } from '../support/free-ports.js';
import { createLocalPeers } from '../support/local-peers.js';
import { useS3Server } from '../support/s3-server.js';
import { apiKey, pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { compareRecordings } from './compare-recordings.js';
import { openPostgresSite, type PostgresSite } from './postgres-site.js';
import { createEndpoint, openReceiver } from './receiver.js';
import { rounds } from '../support/test-run.js';

const s3 = useS3Server();
const calls = rounds(25, 60);
/** A quarter of the recordings cannot be had at the first try. */
const faults = { unavailable: 0.1, reset: 0.1, truncated: 0.1, 'duplicate-push': 0.1, 'odd-body': 0.1 };

const peers = createLocalPeers();
let site: PostgresSite;
let port = 0;
let simulator: Simulator | undefined;

beforeEach(async () => {
  [port = 0] = await takeFreePorts(1);
  const settings = {
    ...{ EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' },
    EARSHOT_STORAGE_URL: `s3://${await s3().createBucket()}/calls?endpoint=${s3().origin}`,
    EARSHOT_S3_ACCESS_KEY_ID: s3().accessKeyId,
    EARSHOT_S3_SECRET_ACCESS_KEY: s3().secretAccessKey,
  };
  site = await openPostgresSite(settings, {
    receiving: { EARSHOT_ROLES: 'intake,api', EARSHOT_PORT: String(port) },
    archiving: { EARSHOT_ROLES: 'archive,deliver' },
  });
});
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
  await site.close();
  await peers.close();
});

const restart = (place: string) => async (): Promise<void> => {
  await site.kill(place);
  await site.start(place).url;
};
const restartDatabase = (how: 'immediate' | 'kill') => async (): Promise<void> => {
  await site.postgres.stop(how);
  await site.postgres.start();
};
const turns = [
  ...[restart('archiving'), restart('receiving'), restartDatabase('kill')],
  ...[restart('archiving'), restart('receiving'), restartDatabase('immediate')],
].slice(0, rounds(3, 6));

it('Earshot on PostgreSQL and S3, its roles split, archives and sends on every call, though each part is killed in turn', async () => {
  const [url = ''] = await Promise.all(site.places.map((place) => site.start(place).url));
  const receiver = await openReceiver(peers, 3);
  const endpoint = { url: receiver.url, concurrency: 2, batchSize: 5, when: 'archived' } as const;
  await until(() => createEndpoint(url, endpoint).then(() => true), { what: 'there is an endpoint' });
  const week = await openSimulator(
    {
      ...{ to: `${url}/push/${pushToken}`, calls, rate: 2.5, batch: 2, seed: 4, faults, timeScale: 60 },
      ...{ minCallSeconds: 2, maxCallSeconds: 20 },
    },
    { clock: () => Date.now() },
  );
  simulator = week;
  const pushing = week.run();
  for (const [index, strike] of turns.entries()) {
    await until(() => week.report().storage.requests >= (index + 1) * 4, {
      what: 'downloads go on',
      everyMs: 2,
    });
    await strike();
  }
  await pushing;

  await untilSettled(url);
  const client = createClient({ baseUrl: url, apiKey });
  const recordings = await until(
    async () => {
      const all = await readRecordings(url);
      const waiting = all.filter(({ state }) => state === 'pending');
      // The schedule after several failures is minutes long: what waits by it is asked for now; what runs says so, 409.
      for (const { id } of waiting) await client.recordings.retry(id).catch(() => undefined);
      return waiting.length === 0 && all;
    },
    { what: 'every recording is archived', everyMs: 2_000 },
  );
  const expected = await week.expected();
  expect(compareRecordings(recordings, expected)).toEqual([]);
  expect(expected.filter(({ isAcknowledged }) => isAcknowledged).length).toBeGreaterThan(calls * 0.9);
  // Every object is read again and hashed.
  const verified = await site.run('verify', '--json');
  expect(JSON.parse(verified.stdout)).toMatchObject({
    ...{ ok: true, assets: recordings.length, differences: [] },
  });

  await until(
    async () => (await readStatus(url)).endpoints.every(({ pending, lag }) => pending === 0 && lag === 0),
    { what: 'everything is delivered' },
  );
  expect((await readStatus(url)).endpoints.map(({ dead }) => dead)).toEqual([0]);
  const messages = (await readFeed(url)).filter(({ type }) => type === 'AlicomAgentCallRecord');
  expect(receiver.compare([...new Set(messages.map(({ callId }) => callId))], 'in any order')).toEqual([]);
  expect(site.deaths).toEqual([]);
});
