import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Waveform } from '../../src/contract/waveforms.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readRecordings, readStatus } from '../support/api-reader.js';
import { openFaultyProxy, type FaultyProxy } from '../support/faulty-proxy.js';
import { useS3Server } from '../support/s3-server.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const s3 = useS3Server();
const calls = 8;

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

const lagOf = async (url: string) =>
  (await readStatus(url)).consumers.find(({ name }) => name === 'analyser')?.lag;

async function askWaveform(url: string, id: string): Promise<Response> {
  const headers = { authorization: `Bearer ${apiKey}` };
  return fetch(`${url}/api/v1/recordings/${id}/waveform`, { headers });
}

it('Earshot draws the waveforms of what it downloaded, and waits for its storage where that cannot be read', async () => {
  const settings = {
    ...{ EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' },
    EARSHOT_STORAGE_URL: `s3://${await s3().createBucket()}/calls?endpoint=${proxy.origin}`,
    EARSHOT_S3_ACCESS_KEY_ID: s3().accessKeyId,
    EARSHOT_S3_SECRET_ACCESS_KEY: s3().secretAccessKey,
  };
  // What is written can be kept, but neither looked at nor read: whoever only archives does not notice.
  proxy.fault = ({ method }) => (method === 'GET' ? { status: 503 } : undefined);
  const server = processes.spawn({ settings });
  const url = await server.url;
  simulator = await openSimulator(
    {
      ...{ to: `${url}/push/${pushToken}`, calls, rate: 20, batch: 2, seed: 7, reportShare: 0 },
      ...{ minCallSeconds: 5, maxCallSeconds: 20, timeoutMs: 10_000, faults: {}, timeScale: 1 },
    },
    { clock: () => Date.now() },
  );
  await simulator.run();
  const recordings = await until(
    async () => {
      const found = await readRecordings(url);
      return found.length === calls && found.every(({ state }) => state === 'archived') && found;
    },
    { what: 'everything is archived' },
  );
  await until(() => server.words().includes('Waveforms cannot be made now'), { what: 'the analyser tried' });
  expect(await lagOf(url)).toBeGreaterThan(0);
  expect((await askWaveform(url, recordings[0]?.id ?? '')).status).toBe(404);

  proxy.fault = () => undefined;
  await until(async () => (await lagOf(url)) === 0, { what: 'the waveforms are drawn' });
  for (const { id, asset } of recordings) {
    const { seconds, channels } = (await (await askWaveform(url, id)).json()) as Waveform;
    expect(seconds).toBe(asset?.seconds);
    expect(channels).toHaveLength(asset?.channels ?? 0);
    // Somebody talks on each line, and nobody all the time.
    for (const { speech } of channels) {
      const spoken = speech.reduce((sum, [from, to]) => sum + to - from, 0);
      expect(spoken).toBeGreaterThan(0);
      expect(spoken).toBeLessThan(seconds);
    }
  }
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});
