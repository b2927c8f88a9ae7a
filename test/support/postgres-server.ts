import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { until } from './until.js';

/** A PostgreSQL of one's own, of the system's newest version: started, stopped and killed for real. */
export interface PostgresServer {
  readonly port: number;
  readonly folder: string;
  /** Of a database, `postgres` where none is named. */
  url(database?: string): string;
  /** A new, empty database. */
  createDatabase(): Promise<string>;
  /** Nothing where it runs. */
  start(): Promise<void>;
  /** `fast`: clients are told and cut off. `immediate`: as a crash. `kill`: every process of it, at once. */
  stop(how?: StopKind): Promise<void>;
  /** Lines for `postgresql.conf`; taken up by the next start. */
  configure(lines: string): void;
  /** Stops it and removes its files. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether an fsync reaches the disk. Most tests lose no power. */
  readonly isDurable?: boolean;
  /** Copied from a running server instead of made anew: a standby. */
  readonly standbyOf?: PostgresServer;
  /** Where its files go; the system's folder for temporary ones unless said otherwise. */
  readonly parentFolder?: string;
  /** Further lines of `postgresql.conf`. */
  readonly settings?: string;
}

type StopKind = 'fast' | 'immediate' | 'kill';

const user = 'earshot';

/** Folder of `initdb` and `postgres`; undefined where there is none on this machine. */
function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const folders = versions.map((version) => join(root, String(version), 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export async function startPostgres({
  isDurable = false,
  standbyOf,
  parentFolder = tmpdir(),
  settings = '',
}: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('PostgreSQL is not on this machine: apt-get install postgresql');
  const home = mkdtempSync(join(parentFolder, 'earshot-postgres-'));
  if (owner.uid !== undefined) chownSync(home, owner.uid, owner.gid);
  const folder = join(home, 'data');
  const port = await freePort();
  const run = (program: string, args: string[]): void => {
    execFileSync(join(bin, program), args, { ...owner, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const configure = (lines: string): void => {
    appendFileSync(join(folder, 'postgresql.auto.conf'), `${lines}\n`);
  };
  if (standbyOf) {
    const slot = `standby_${port}`;
    run('pg_basebackup', [
      '-d',
      standbyOf.url(),
      '-D',
      folder,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
      '-C',
      '-S',
      slot,
    ]);
    configure(`primary_conninfo = '${standbyOf.url()}?application_name=standby'`);
  } else {
    const fast = isDurable ? [] : ['--no-sync'];
    run('initdb', ['-D', folder, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', ...fast]);
  }
  mkdirSync(join(home, 'run'));
  if (owner.uid !== undefined) chownSync(join(home, 'run'), owner.uid, owner.gid);
  configure(
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${join(home, 'run')}'\n` +
      `max_connections = 200\nshared_buffers = 128MB\nfsync = ${isDurable ? 'on' : 'off'}\nlogging_collector = off\n${settings}`,
  );

  let child: ChildProcess | undefined;
  const url = (database = 'postgres'): string => `postgres://${user}@127.0.0.1:${port}/${database}`;
  const ask = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url() });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(sql);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const start = async (): Promise<void> => {
    if (isRunning(child)) return;
    const started = spawn(join(bin, 'postgres'), ['-D', folder], { ...owner, cwd: home, stdio: 'ignore' });
    child = started;
    await until(
      async () => {
        if (started.exitCode !== null)
          throw new Error(`postgres ended with ${started.exitCode}; see ${folder}`);
        return await ask('SELECT 1').then(
          () => true,
          () => false,
        );
      },
      { what: 'PostgreSQL takes connections' },
    );
  };
  const stop = async (how: StopKind = 'fast'): Promise<void> => {
    const stopping = child;
    child = undefined;
    if (!isRunning(stopping)) return;
    const gone = once(stopping, 'exit');
    if (how === 'kill') await killWithChildren(stopping.pid);
    else stopping.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await gone;
  };
  let databases = 0;
  await start();
  return {
    port,
    folder,
    url,
    createDatabase: async () => {
      const name = `test_${process.pid}_${++databases}`;
      await ask(`CREATE DATABASE ${name}`);
      return url(name);
    },
    start,
    stop,
    configure,
    close: async () => {
      await stop('immediate');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess {
  return child?.exitCode === null && child.signalCode === null;
}

/** The processes that serve clients are the first one's children, and would outlive it by a moment. */
async function killWithChildren(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  for (const each of [pid, ...children.map(Number)]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  }
  await until(() => children.every(hasEnded), { what: 'no process of PostgreSQL is left' });
}

/** Gone, or waiting for somebody to ask how it ended. */
function hasEnded(pid: string): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
