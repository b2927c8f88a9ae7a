import { join } from 'node:path';
import type { Random } from '../../src/domain/clock.js';
import { drawOne, shuffled } from '../../src/simulator/seeded-random.js';
import { dutyNames } from '../../src/store/shared-roles.js';
import { readStatus } from '../support/api-reader.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { openServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { CrashServers } from './crash-servers.js';
import { type CrashSite, pauseByChance } from './crash-site.js';

type Settings = Readonly<Record<string, string>>;

export interface PostgresSite extends CrashSite {
  readonly postgres: PostgresServer;
  kill(place: string): Promise<void>;
}

/**
 * Servers, two unless more are named with settings of their own, on a PostgreSQL that loses nothing it has committed, each with a local inbox, with one folder for the
 * recordings. The database goes down under servers that live on, or together with them.
 */
export async function openPostgresSite(
  settings: Settings,
  own: Readonly<Record<string, Settings>> = { one: {}, two: {} },
): Promise<PostgresSite> {
  const postgres = await startPostgres({ isDurable: true });
  const processes = await openServerProcesses();
  const databaseUrl = await postgres.createDatabase();
  const optionsOf = (place: string) => ({
    dataDir: join(processes.dataDir, place),
    settings: {
      EARSHOT_DATABASE_URL: databaseUrl,
      EARSHOT_STORAGE_URL: `file://${join(processes.dataDir, 'recordings')}`,
      EARSHOT_LOG_LEVEL: 'warn',
      ...settings,
      ...own[place],
    },
  });
  const servers = new CrashServers(processes, optionsOf);
  const places = Object.keys(own);
  const [first = ''] = places;
  return {
    postgres,
    places,
    start: (place) => servers.start(place),
    isUp: (server) => servers.isUp(server),
    untilAtWork: (url) => untilDutiesAreHeld(url, () => servers.pids),
    strike: (random) => strike(random, servers, postgres),
    kill: (place) => servers.kill(place),
    stop: () => servers.stop(),
    run: (...command) => processes.runWith(optionsOf(first), ...command),
    deaths: servers.deaths,
    words: () => servers.words(),
    close: async () => {
      await processes.close();
      await postgres.close();
    },
  };
}

/** What the dead have held is theirs until its lease ends. */
async function untilDutiesAreHeld(url: string, pids: () => readonly number[]): Promise<void> {
  const areHeld = async (): Promise<boolean> => {
    const all = (await readStatus(url)).processes;
    return (
      all.filter(({ pid }) => pids().includes(pid)).flatMap(({ duties }) => duties).length ===
      dutyNames.length
    );
  };
  await until(areHeld, { what: 'every duty is held by one that lives' });
}

/** Servers, the database, or both, one shortly after the other in any order. */
async function strike(random: Random, servers: CrashServers, postgres: PostgresServer): Promise<string> {
  const kind = drawOne(random, ['servers', 'database', 'both'] as const);
  const victims = kind === 'database' ? [] : drawSome(random, servers.places);
  const how = drawOne(random, ['immediate', 'kill'] as const);
  const acts = victims.map((place) => () => servers.kill(place));
  if (kind !== 'servers') acts.push(() => postgres.stop(how));
  const falling: Promise<void>[] = [];
  for (const act of shuffled(random, acts)) {
    falling.push(act());
    if (random() < 0.5) await pauseByChance(random, 1, 300);
  }
  await Promise.all(falling);
  if (kind === 'servers') return victims.join(', ');
  await pauseByChance(random, 5, 2_000);
  // A server may start while there is no database.
  if (random() < 0.5) for (const place of victims) servers.start(place);
  await postgres.start();
  return [`database (${how})`, ...victims].join(', ');
}

/** At least one of them, where there is one. */
function drawSome<T>(random: Random, all: readonly T[]): T[] {
  const mixed = shuffled(random, all);
  return random() < 0.5 ? mixed.slice(0, 1) : mixed;
}
