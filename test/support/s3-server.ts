import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { takeFreePorts } from './free-ports.js';
import { sharedServer } from './shared-servers.js';
import { until } from './until.js';

/** A real S3 server: Ceph's gateway over a cluster of one, in memory, on 127.0.0.1 alone. */
export interface S3Server {
  readonly port: number;
  readonly origin: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Buckets may also be named in the host: `<bucket>.<dnsName>`. */
  readonly dnsName: string;
  /** With the server's credentials, for what a test looks at besides. */
  readonly client: S3Client;
  /** The name of a new, empty bucket. */
  createBucket(): Promise<string>;
}

const programs = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const dnsName = 's3.test';
const credentials = { accessKeyId: 'AKTEST', secretAccessKey: 'a-secret-of-the-test-server' };
const run = promisify(execFile);

/** Of the programs that a server consists of, those that are not on this machine. */
function missingPrograms(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/**
 * The server that all test files share, where each makes buckets of its own. On a machine without the programs the tests
 * of the file are skipped, with a sentence that says what to install; where tests must not be skipped (CI=true) they fail.
 */
export function useS3Server(): () => S3Server {
  let server: S3Server | undefined;
  const missing = missingPrograms();
  const sentence = `needs ${missing.join(', ')}: apt-get install ceph-mon ceph-osd radosgw ceph-common`;
  beforeAll(async () => {
    if (missing.length === 0) server = reach((await sharedServer('s3')).port);
    else if (process.env.CI === 'true') throw new Error(sentence);
  });
  beforeEach((test) => {
    if (!server) test.skip(sentence);
  });
  afterAll(() => server?.client.destroy());
  return () => {
    if (!server) throw new Error('the S3 server runs while tests do');
    return server;
  };
}

function reach(port: number): S3Server {
  const origin = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint: origin, region: 'default', forcePathStyle: true, credentials });
  return {
    ...{ port, origin, ...credentials, dnsName, client },
    createBucket: async () => {
      const name = `bucket-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
  };
}

/** Starts one; `close` ends it, and all that it kept is gone. */
export async function startS3Server(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-s3-'));
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(children.map(kill));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { port: await startDaemons(folder, children), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Monitor, object daemon, gateway and a user, in this order. Returns the gateway's port. */
async function startDaemons(folder: string, children: ChildProcess[]): Promise<number> {
  const [v2, v1, port] = (await takeFreePorts(3)) as [number, number, number];
  const configFile = join(folder, 'ceph.conf');
  const fsid = randomUUID();
  const monitor = `[v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]`;
  for (const name of ['mon', 'osd', 'run']) mkdirSync(join(folder, name));
  writeFileSync(configFile, configuration(folder, fsid, monitor, port));
  const config = ['-c', configFile];
  const daemon = (program: string, ...args: string[]): ChildProcess => {
    const child = spawn(program, [...config, '-f', ...args], { stdio: 'ignore' });
    children.push(child);
    return child;
  };

  const map = join(folder, 'monmap');
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', monitor, map]);
  await run('ceph-mon', [...config, '-i', 'a', '--mkfs', '--monmap', map]);
  daemon('ceph-mon', '-i', 'a');
  const osd = randomUUID();
  await run('ceph', [...config, 'osd', 'new', osd]);
  await run('ceph-osd', [...config, '-i', '0', '--mkfs', '--osd-uuid', osd]);
  daemon('ceph-osd', '-i', '0');
  const gateway = daemon('radosgw', '-n', 'client.rgw.a');
  await until(
    async () => {
      if (gateway.exitCode !== null) throw new Error(readFileSync(join(folder, 'client.rgw.a.log'), 'utf8'));
      return (await fetch(`http://127.0.0.1:${port}/`)).ok;
    },
    { what: 'the S3 server answers' },
  );
  const { accessKeyId, secretAccessKey } = credentials;
  const user = ['--uid=test', '--display-name=test', `--access-key=${accessKeyId}`];
  await run('radosgw-admin', [...config, 'user', 'create', ...user, `--secret-key=${secretAccessKey}`]);
  return port;
}

/** One of everything, in memory, in haste: no replicas, no authentication within, no waiting for peers. */
function configuration(folder: string, fsid: string, monitor: string, port: number): string {
  return `[global]
fsid = ${fsid}
mon host = ${monitor}
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
run dir = ${folder}/run
admin socket = ${folder}/run/$cluster-$name.$pid.asok
pid file =
log file = ${folder}/$name.log
mon cluster log file = ${folder}/cluster.log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 2000
paxos propose interval = 0.05
paxos min wait = 0.01
osd objectstore = memstore
memstore device bytes = 2147483648
rgw dynamic resharding = false
rgw dns name = ${dnsName}
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
crush location = root=default host=h
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw data = ${folder}
rgw thread pool size = 64
ms mon client mode = crc
`;
}

/** There is nothing in it to be kept. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
