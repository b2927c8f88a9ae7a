import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { openReceiver, type Receiver, type ReceiverPush } from '../../src/simulator/receiver/receiver.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readCalls, readRecordings, readStatus } from '../support/api-reader.js';
import { takeFreePorts } from '../support/free-ports.js';
import { apiKey, pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { openCluster, type Cluster } from './cluster.js';

let cluster: Cluster;
let receiver: Receiver | undefined;
let simulator: Simulator | undefined;
beforeEach(async () => {
  cluster = await openCluster();
});
afterEach(async () => {
  await simulator?.close();
  await receiver?.close();
  await cluster.close();
});

const roles = ['intake', 'archive', 'deliver', 'api'] as const;

/** One process for each role. */
async function startSplit(): Promise<Record<(typeof roles)[number], string>> {
  const [port = 0] = await takeFreePorts(1);
  const settings = {
    EARSHOT_PUBLIC_URL: `http://127.0.0.1:${port}`,
    EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8',
    EARSHOT_RECORDING_HOSTS: '127.0.0.1',
  };
  const start = async (role: (typeof roles)[number]) => {
    const own = { EARSHOT_ROLES: role, EARSHOT_PORT: role === 'api' ? String(port) : '0' };
    return [role, await cluster.start(role, { ...settings, ...own }).url] as const;
  };
  return Object.fromEntries(await Promise.all(roles.map(start))) as Record<(typeof roles)[number], string>;
}

describe('roles over four processes', () => {
  it('are one Earshot: taken by one, archived by another, pushed on by a third, found at the fourth', async () => {
    const urls = await startSplit();
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
    const client = createClient({ baseUrl: urls.api, apiKey });
    await client.endpoints.create({
      url: `${receiver.url}/push`,
      when: 'archived',
      recordFile: 'archived',
    });

    const calls = 8;
    simulator = await openSimulator(
      {
        ...{ to: `${urls.intake}/push/${pushToken}`, calls, rate: 20, batch: 2, seed: 5 },
        ...{ minCallSeconds: 1, maxCallSeconds: 3, timeoutMs: 10_000 },
      },
      { clock: () => Date.now() },
    );
    await simulator.run();
    const recordings = await until(
      async () => {
        const found = await readRecordings(urls.api);
        return found.length === calls && found.every(({ state }) => state === 'archived') && found;
      },
      { what: 'everything is archived' },
    );
    expect(await readCalls(urls.api)).toHaveLength(calls);
    await until(() => pushes.reduce((sum, { messages }) => sum + messages, 0) >= calls, {
      what: 'everything is pushed on',
    });
    const audio = await client.recordings.audio(recordings[0]?.id ?? '');
    expect(audio.status).toBe(200);
    await audio.arrayBuffer();

    // A process tells of itself every other second.
    const processes = await until(
      async () => {
        const told = (await readStatus(urls.api)).processes;
        return told.some(({ endpoints }) => endpoints === 1) && told;
      },
      { what: 'the one that delivers tells of its endpoint' },
    );
    expect(processes.map((process) => process.roles).toSorted()).toEqual(
      roles.map((role) => [role]).toSorted(),
    );
    const doing = (role: string) => processes.find((process) => process.roles.includes(role));
    expect(doing('intake')?.duties.toSorted()).toEqual(['clean', 'project', 'sort']);
    expect(doing('archive')?.duties).toEqual(['analyse']);
    expect(doing('deliver')?.endpoints).toBe(1);

    // Whoever has no part in something knows nothing of it.
    const pushed = await fetch(`${urls.api}/push/${pushToken}`, { method: 'POST', body: '[]' });
    expect([pushed.status, await pushed.json()]).toEqual([404, { code: 404, msg: 'Not found' }]);
    const authorization = { authorization: `Bearer ${apiKey}` };
    const asked = await fetch(`${urls.intake}/api/v1/calls`, { headers: authorization });
    expect([asked.status, await asked.json()]).toMatchObject([404, { code: 'route-unknown' }]);
    for (const url of Object.values(urls)) {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(await (await fetch(`${url}/metrics`, { headers: authorization })).text()).toContain(
        'earshot_store_reachable 1',
      );
    }
  });
});
