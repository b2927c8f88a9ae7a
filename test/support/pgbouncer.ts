import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { takeFreePorts } from './free-ports.js';
import { until } from './until.js';

/** A pooler in transaction mode before a PostgreSQL: sessions are shared, each transaction gets any of them. */
export interface PgBouncer {
  /** The same database, through the pooler. */
  readonly url: string;
  close(): Promise<void>;
}

const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);

export const hasPgBouncer = program !== undefined;

/** As PostgreSQL, it refuses to run as root. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export async function startPgBouncer(databaseUrl: string, sessions: number): Promise<PgBouncer> {
  if (program === undefined) throw new Error('PgBouncer is not on this machine: apt-get install pgbouncer');
  const target = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'earshot-pgbouncer-'));
  const [port = 0] = await takeFreePorts(1);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
* = host=${target.hostname} port=${target.port} user=${target.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 200
logfile = ${join(folder, 'log')}
`,
  );
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const child = spawn(program, ['-q', file], { ...owner, stdio: 'ignore' });
  const gone = once(child, 'exit');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => answers(url.href), { what: 'PgBouncer takes connections' });
  } catch (error) {
    await close();
    throw error;
  }
  return { url: url.href, close };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
