import { expect, onTestFailed, onTestFinished } from 'vitest';
import type { Status } from '../../src/contract/status.js';
import { readFeed, readQuarantine, readStatus, untilSettled } from '../support/api-reader.js';
import {
  apiKey,
  openServerProcesses,
  type ServerProcess,
  type ServerProcesses,
} from '../support/server-process.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { openTcpProxy } from '../support/tcp-proxy.js';
import { patience } from '../support/test-run.js';
import { until } from '../support/until.js';
import { startSteadyLoad, type SteadyLoad } from './steady-load.js';

export type Inbox = NonNullable<Status['processes'][number]['inbox']>;

/** A server on PostgreSQL that takes pushes while a test does something to its database. */
export interface ServerUnderLoad {
  readonly url: string;
  readonly load: SteadyLoad;
  readonly processes: ServerProcesses;
  readonly server: ServerProcess;
  /** Where its pushes go, as /api/v1/status has it. */
  inbox(): Promise<Inbox>;
  /** Waits until /readyz, /api/v1/status and /metrics say that pushes go to the local inbox, and stay acknowledged. */
  untilSpooling(): Promise<void>;
  /** Waits until pushes go to the database again. */
  untilBack(): Promise<void>;
  /** Starts another server on the same data folder, for the load to go to. */
  restart(): Promise<string>;
  /** Ends the load; then everything that was acknowledged must be there, once, without a restart. */
  finish(): Promise<void>;
}

export const settingsOf = (databaseUrl: string) => ({
  EARSHOT_DATABASE_URL: databaseUrl,
  EARSHOT_LOG_LEVEL: 'warn',
});

export async function openServerUnderLoad(
  databaseUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ServerUnderLoad> {
  const processes = await openServerProcesses();
  onTestFinished(() => processes.close());
  const settings = { ...settingsOf(databaseUrl), ...more };
  const server = processes.spawn({ settings });
  onTestFailed(() => {
    process.stderr.write(server.words());
  });
  const url = await server.url;
  await until(async () => (await readyz(url)).status === 200, { what: 'it is ready' });
  const load = startSteadyLoad(url);
  onTestFinished(() => load.stop());
  await load.acknowledges(100);
  const inbox = () => inboxOf(url);
  return {
    ...{ url, load, processes, server, inbox },
    untilSpooling: async () => {
      await until(async () => (await inbox()).goesTo === 'local', { what: 'status says that it spools' });
      await load.acknowledges(100);
      expect(await readyz(url)).toMatchObject({ status: 200, body: { status: 'ready', inbox: 'spooling' } });
      expect((await inbox()).pending).toBeGreaterThan(0);
      const metrics = await readMetrics(url);
      expect(metrics.get('earshot_inbox_on_local')).toBe(1);
      expect(metrics.get('earshot_spool_pushes')).toBeGreaterThan(0);
      expect(metrics.get('earshot_spool_bytes')).toBeGreaterThan(0);
      await expect.poll(() => server.words()).toContain('Pushes go to the local inbox');
    },
    untilBack: async () => {
      await until(async () => (await inbox()).goesTo === 'database', { what: 'pushes go to the database' });
      await load.acknowledges(100);
      await expect.poll(() => server.words()).toContain('Pushes go to the database again');
    },
    restart: async () => {
      const elsewhere = await processes.spawn({ settings }).url;
      load.goTo(elsewhere);
      return elsewhere;
    },
    finish: async () => {
      await load.stop();
      await expectAllOf(load, url);
      expect(await readyz(url)).toEqual({ status: 200, body: { status: 'ready' } });
      expect((await readMetrics(url)).get('earshot_inbox_on_local')).toBe(0);
    },
  };
}

export async function inboxOf(url: string): Promise<Inbox> {
  const inbox = (await readStatus(url)).processes[0]?.inbox;
  if (!inbox) throw new Error('it takes no pushes');
  return inbox;
}

/** A server under load whose line to its database a test may cut, slow down or silence. */
export async function openBehindProxy(postgres: PostgresServer) {
  const proxy = await openTcpProxy(postgres.port);
  onTestFinished(() => proxy.close());
  const url = new URL(await postgres.createDatabase());
  url.port = String(proxy.port);
  return { proxy, server: await openServerUnderLoad(url.href) };
}

/** Everything that was acknowledged is a message or in quarantine, once, and nothing waits anywhere. */
export async function expectAllOf(load: SteadyLoad, url: string): Promise<void> {
  await until(async () => (await inboxOf(url)).pending === 0, {
    what: 'the local inbox is drained',
  });
  await untilSettled(url);
  expect(load.ledger.compareFeed(await readFeed(url))).toEqual([]);
  const quarantined = await readQuarantine(url);
  expect(load.ledger.compareQuarantine(quarantined.map(({ preview }) => preview))).toEqual([]);
}

/**
 * Every push was acknowledged, none later than the server promises, by its own measure. A machine that is busy with other
 * things may stand still for longer than that: there, one push in fifty may be refused instead, in time and with 503,
 * after which its sender comes again.
 */
export async function expectNoneFailed(load: SteadyLoad, url: string): Promise<void> {
  const metrics = await readMetrics(url);
  const answered = metrics.get('earshot_ack_duration_seconds_count') ?? 0;
  const inTime = metrics.get('earshot_ack_duration_seconds_bucket{le="0.65"}') ?? 0;
  const most = patience > 1 ? answered / 50 : 0;
  expect(answered).toBeGreaterThan(0);
  expect(load.failures.filter(({ status }) => status !== 503)).toEqual([]);
  expect(load.failures.length).toBeLessThanOrEqual(most);
  expect(answered - inTime).toBeLessThanOrEqual(most);
}

export async function readyz(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

/** Each line of /metrics: its name with its labels, and the number. */
async function readMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${apiKey}` } });
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
