import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askStatusOf, readFeed, untilSettled } from '../support/api-reader.js';
import {
  apiKey,
  openServerProcesses,
  pushToken,
  type ServerProcess,
  type ServerProcesses,
} from '../support/server-process.js';

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

const settings = { EARSHOT_PUSH_TOKEN: undefined };

/** A server with a token of its own making takes one push and stops. */
async function serveOnce(): Promise<string> {
  const server = processes.spawn({ settings });
  await server.url;
  const token = readFileSync(join(processes.dataDir, 'push-token'), 'utf8').trim();
  await pushAndStop(server, token);
  return `/push/${token}`;
}

async function pushAndStop(server: ServerProcess, token: string): Promise<void> {
  const url = await server.url;
  const body = '[{"callId":"1","majorIntent":"A"}]';
  expect((await fetch(`${url}/push/${token}`, { method: 'POST', body })).status).toBe(200);
  await untilSettled(url);
  expect((await server.stop()).code).toBe(0);
}

/** The store and the recordings without the files beside them. */
function restore(): string {
  const dataDir = join(processes.dataDir, '..', 'restored');
  mkdirSync(dataDir);
  for (const file of readdirSync(processes.dataDir).filter((name) => /\.db|^recordings$/.test(name)))
    cpSync(join(processes.dataDir, file), join(dataDir, file), { recursive: true });
  return dataDir;
}

it('a store without its push token starts no server, until the token is put back', async () => {
  const path = await serveOnce();
  const dataDir = restore();
  const refused = processes.spawn({ settings, dataDir });
  expect((await refused.exited).code).toBe(1);
  expect(refused.words()).toMatch(/neither \S+push-token nor EARSHOT_PUSH_TOKEN/);
  expect(refused.words()).toContain('[secret-missing]');
  expect(readdirSync(dataDir)).not.toContain('push-token');

  cpSync(join(processes.dataDir, 'push-token'), join(dataDir, 'push-token'));
  const server = processes.spawn({ settings, dataDir });
  const url = await server.url;
  expect(await askStatusOf(url, path)).toBe(200);
  expect(await readFeed(url)).toHaveLength(1);
});

it('a rotated push token comes back with the store', async () => {
  await serveOnce();
  const server = processes.spawn({ settings });
  const rotated = await fetch(`${await server.url}/api/v1/sources/default/rotate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: '{"overlapSeconds":0}',
  });
  const { pushUrl } = (await rotated.json()) as { pushUrl: string };
  await server.stop();
  const dataDir = restore();
  const url = await processes.spawn({ settings, dataDir }).url;
  expect(await askStatusOf(url, new URL(pushUrl).pathname)).toBe(200);
});

it('a setting that is taken away is missed, not replaced', async () => {
  await pushAndStop(processes.spawn(), pushToken);
  const refused = processes.spawn({ settings });
  expect((await refused.exited).code).toBe(1);
  expect(refused.words()).toContain('[secret-missing]');
});

it('docs/deploy.md lists every file of a data folder', async () => {
  await serveOnce();
  const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const names = readdirSync(processes.dataDir).map((name) => name.replace(/-(wal|shm)$/, ''));
  expect(names.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name}/\``))).toEqual([]);
  rmSync(processes.dataDir, { recursive: true });
});
