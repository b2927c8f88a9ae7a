import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;
if (!hasHaproxy) process.stderr.write('HAProxy is not on this machine: the load balancer is not tried.\n');
const stopDelayMs = 3_000;

let processes: ServerProcesses;
let balancer: ChildProcess | undefined;

beforeEach(async () => {
  processes = await openServerProcesses();
});

afterEach(async () => {
  if (balancer?.exitCode === null) {
    balancer.kill('SIGKILL');
    await once(balancer, 'close');
  }
  balancer = undefined;
  await processes.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A server that keeps its port when it is started again, as a container keeps its name. */
function startServer(port: number, more: Readonly<Record<string, string>> = {}) {
  const settings = { EARSHOT_PORT: String(port), EARSHOT_STOP_DELAY_MS: String(stopDelayMs), ...more };
  return processes.spawn({ settings, dataDir: join(processes.dataDir, String(port)) });
}

/** deploy/haproxy.cfg as it is, but for the addresses. */
async function startBalancer(...ports: readonly [number, number]): Promise<string> {
  const port = await freePort();
  const file = readFileSync(new URL('../../deploy/haproxy.cfg', import.meta.url), 'utf8')
    .replaceAll(' earshot-1:8080', ` 127.0.0.1:${ports[0]}`)
    .replaceAll(' earshot-2:8080', ` 127.0.0.1:${ports[1]}`)
    .replace('bind :8080', `bind 127.0.0.1:${port}`);
  const config = join(makeTemporaryFolder(), 'haproxy.cfg');
  writeFileSync(config, file);
  balancer = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/healthz`)).status === 200, {
    what: 'the load balancer to reach a server',
  });
  return url;
}

let pushes = 0;
/**
 * What came of one push. Where this machine is so busy that Earshot itself says 503 (its `code` is a number) or that the
 * balancer waits in vain (504), a process was reached all the same: the sender's to repeat, and nothing to do with a stop.
 */
async function push(url: string): Promise<'reached' | number> {
  const body = JSON.stringify([{ callId: `call-${++pushes}`, taskId: 't' }]);
  const answer = await fetch(`${url}/push/${pushToken}`, { method: 'POST', body });
  const text = await answer.text();
  return answer.status === 504 || /"code": ?\d/.test(text) ? 'reached' : answer.status;
}

/** Pushes from several senders until told to stop; resolves with every status that no process gave. */
function keepPushing(url: string): { stop(): Promise<number[]> } {
  let isOver = false;
  const refused: number[] = [];
  const sender = async () => {
    while (!isOver) {
      const status = await push(url);
      if (status !== 'reached') refused.push(status);
    }
  };
  const senders = Array.from({ length: 8 }, sender);
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(senders);
      return refused;
    },
  };
}

describe.skipIf(!hasHaproxy)('the load balancer of compose.scaled.yaml', () => {
  it('sends to the other process what one that was killed refuses, before it has noticed', async () => {
    const ports = [await freePort(), await freePort()] as const;
    const servers = ports.map((port) => startServer(port));
    await Promise.all(servers.map(({ url }) => url));
    const url = await startBalancer(...ports);
    await servers[0]?.kill();
    for (let count = 0; count < 50; count++) expect(await push(url)).toBe('reached');
  });

  it('loses no push while one process after the other is stopped and started under load', async () => {
    const ports = [await freePort(), await freePort()] as const;
    const servers = ports.map((port) => startServer(port));
    await Promise.all(servers.map(({ url }) => url));
    const url = await startBalancer(...ports);
    const load = keepPushing(url);
    for (const [index, port] of ports.entries()) {
      expect(await servers[index]?.stop()).toEqual({ code: 0, signal: null });
      await startServer(port).url;
      // The other is stopped only when this one takes pushes again, as a rolling restart does.
      await until(() => takesPushes(port), { what: 'the load balancer to use it again' });
    }
    expect(await load.stop()).toEqual([]);
  });

  it('tells where a request comes from, whatever that says of itself', async () => {
    const ports = [await freePort(), await freePort()] as const;
    const settings = { EARSHOT_TRUSTED_PROXIES: '127.0.0.1/32' };
    await Promise.all(ports.map((port) => startServer(port, settings).url));
    const url = await startBalancer(...ports);
    const wrong = JSON.stringify({ name: 'nobody', password: 'a wrong password' });
    // Where the machine is so busy that a check was late, nobody was asked.
    await until(async () => (await askFrom('127.0.0.7', `${url}/api/v1/session`, wrong)) === 401, {
      what: 'a process to look at the password',
    });
    const headers = { authorization: `Bearer ${apiKey}` };
    const logs = ports.map(async (port) => {
      const log = await fetch(`http://127.0.0.1:${port}/api/v1/audit?action=session.refused`, { headers });
      return ((await log.json()) as { items: { address: string }[] }).items.map(({ address }) => address);
    });
    expect((await Promise.all(logs)).flat()).toEqual(['127.0.0.7']);
  });
});

/** One request from an address of its own, which says of itself that it comes from another. */
function askFrom(localAddress: string, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'sec-fetch-site': 'same-origin' };
    const asked = request(url, { method: 'POST', localAddress, headers }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    asked.once('error', reject).end(body);
  });
}

/** Whether anybody but this test has pushed to a server since its start. */
async function takesPushes(port: number): Promise<boolean> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  return /^earshot_pushes_total\{status="200"\} [1-9]/m.test(text);
}
