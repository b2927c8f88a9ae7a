import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { openReceiver, type Receiver, type ReceiverPush } from '../../src/simulator/receiver/receiver.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readFeed, readRecordings, untilSettled } from '../support/api-reader.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { buildConsole } from '../browser/support/build-console.js';
import { until } from '../support/until.js';

/** The Node that the README recommends; the tests themselves run on the oldest that is supported. */
let node = '';
let processes: ServerProcesses;
let receiver: Receiver | undefined;
let simulator: Simulator | undefined;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('npx', ['-y', 'node@24', '-p', 'process.execPath']);
  node = stdout.trim();
});
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(async () => {
  await simulator?.close();
  await receiver?.close();
  await processes.close();
});

const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' };
const calls = 20;

describe('what is built, under Node 24', () => {
  it('takes pushes, archives and delivers them, is killed, and has kept all of it', async () => {
    const { stdout } = await promisify(execFile)(node, ['--version']);
    expect(stdout).toMatch(/^v24\./);
    const server = processes.spawn({ node, settings });
    const url = await server.url;
    const pushes: ReceiverPush[] = [];
    receiver = await openReceiver(
      { port: 0 },
      {
        clock: () => Date.now(),
        onEvent: (event) => {
          if (event.kind === 'push') pushes.push(event);
        },
      },
    );
    await createClient({ baseUrl: url, apiKey }).endpoints.create({ url: `${receiver.url}/push` });
    simulator = await openSimulator(
      {
        ...{ to: `${url}/push/${pushToken}`, calls, rate: 20, batch: 3, seed: 24, reportShare: 0 },
        ...{ minCallSeconds: 2, maxCallSeconds: 4, timeoutMs: 10_000, faults: {}, timeScale: 1 },
      },
      { clock: () => Date.now() },
    );
    await simulator.run();
    await until(
      async () => {
        const recordings = await readRecordings(url);
        return recordings.length === calls && recordings.every(({ state }) => state === 'archived');
      },
      { what: 'every recording is archived' },
    );
    await until(() => pushes.length > 0, { what: 'something is pushed on' });
    await server.kill();

    const again = await processes.spawn({ node, settings }).url;
    await untilSettled(again);
    expect(await readFeed(again)).toHaveLength(calls);
    for (const { id, asset } of await readRecordings(again)) {
      const headers = { authorization: `Bearer ${apiKey}` };
      const audio = await fetch(`${again}/api/v1/recordings/${id}/audio`, { headers });
      const bytes = Buffer.from(await audio.arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(asset?.sha256);
    }
  });

  it('shows the console', async () => {
    await buildConsole();
    const url = await processes.spawn({ node }).url;
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    expect((await fetch(url + (script ?? '/none'))).status).toBe(200);
  });

  it('runs the demo, whose calls arrive', async () => {
    const server = processes.startWith({ node }, 'demo');
    const url = await server.url;
    await until(async () => (await readFeed(url)).length > 3, { what: 'calls of the demo arrive' });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});
