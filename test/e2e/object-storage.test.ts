import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readRecordings } from '../support/api-reader.js';
import { openFaultyProxy, type FaultyProxy } from '../support/faulty-proxy.js';
import { useS3Server } from '../support/s3-server.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const s3 = useS3Server();
const calls = 12;

let processes: ServerProcesses;
let proxy: FaultyProxy;
let simulator: Simulator | undefined;
beforeEach(async () => {
  processes = await openServerProcesses();
  proxy = await openFaultyProxy(s3().port);
});
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
  await processes.close();
  await proxy.close();
});

async function hashOfAudio(url: string, id: string): Promise<string> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/api/v1/recordings/${id}/audio`, { headers });
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}

it('Earshot downloads while its object storage is away, and keeps all of it when that is back, though it was killed', async () => {
  const settings = {
    ...{ EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' },
    EARSHOT_STORAGE_URL: `s3://${await s3().createBucket()}/calls?endpoint=${proxy.origin}`,
    EARSHOT_S3_ACCESS_KEY_ID: s3().accessKeyId,
    EARSHOT_S3_SECRET_ACCESS_KEY: s3().secretAccessKey,
  };
  proxy.fault = () => ({ status: 500 });
  const first = processes.spawn({ settings });
  const url = await first.url;
  simulator = await openSimulator(
    {
      ...{ to: `${url}/push/${pushToken}`, calls, rate: 20, batch: 3, seed: 11, reportShare: 0 },
      ...{ minCallSeconds: 2, maxCallSeconds: 8, timeoutMs: 10_000, faults: {}, timeScale: 1 },
    },
    { clock: () => Date.now() },
  );
  await simulator.run();
  await until(
    async () => {
      const recordings = await readRecordings(url);
      return recordings.length === calls && recordings.every(({ reason }) => reason === 'storage-failed');
    },
    { what: 'every recording was downloaded, and none could be kept' },
  );
  expect(first.words()).toContain('Recordings wait in the data folder');
  await first.kill();
  // Whatever comes now comes from the drafts: their sender is gone.
  await simulator.close();
  simulator = undefined;

  proxy.fault = () => undefined;
  const second = processes.spawn({ settings });
  const again = await second.url;
  const archived = await until(
    async () => {
      const recordings = await readRecordings(again);
      return recordings.every(({ state }) => state === 'archived') && recordings;
    },
    { what: 'every recording is archived' },
  );
  for (const { id, asset } of archived) expect(await hashOfAudio(again, id)).toBe(asset?.sha256);
  expect(first.words() + second.words()).not.toContain(s3().secretAccessKey);
});
