import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/settings/settings.js';
import { defaultArchiverSettings } from '../../src/archive/archiver-settings.js';
import { readYaml } from '../support/read-yaml.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { stopWithinMs } from '../../src/app/service.js';
import { readAsProcess } from './read-as-process.js';

interface ComposeService {
  readonly image: string;
  readonly environment?: Record<string, string>;
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly networks?: string[];
  readonly secrets?: string[];
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly stop_grace_period?: string;
}

interface ComposeFile {
  readonly services: Record<string, ComposeService>;
  readonly volumes: Record<string, unknown>;
  readonly networks?: Record<string, { ipam?: { config: { subnet: string }[] } } | null>;
  readonly secrets?: Record<string, { file: string }>;
}

const root = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const files = ['compose.yaml', 'compose.scaled.yaml'] as const;

/** `${NAME:-default}`, as Compose fills it in where nobody has set NAME. */
const fillIn = (text: string) => text.replaceAll(/(?<!\$)\$\{\w+:-([^${}]*)\}/g, '$1');

const read = (file: string) => readYaml(fillIn(readFileSync(root(file), 'utf8'))) as ComposeFile;
const processesOf = ({ services }: ComposeFile) =>
  Object.entries(services).filter(([, { image }]) => image === 'earshot');

describe.each(files)('%s', (file) => {
  const compose = read(file);
  const processes = processesOf(compose);

  it('gives every process settings that it can read', () => {
    expect(processes.length).toBeGreaterThan(0);
    for (const [, { environment = {} }] of processes) {
      expect(readAsProcess(environment).origins.publicUrl).toBe('environment');
    }
  });

  it('believes what the proxies in its own network say of where a request comes from, and nobody else', () => {
    for (const [, { environment = {}, networks = ['default'] }] of processes) {
      const front = compose.networks?.[networks[0] ?? ''];
      const subnets = front?.ipam?.config.map(({ subnet }) => subnet);
      expect([environment['EARSHOT_TRUSTED_PROXIES']]).toEqual(subnets);
    }
  });

  it('runs every process without privileges, on a root that cannot be written, with a volume of its own', () => {
    for (const [, process] of processes) {
      expect(process).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
    const volumes = processes.flatMap(([, { volumes: own = [] }]) => own);
    expect(volumes.map((volume) => volume.split(':')[1])).toEqual(processes.map(() => '/data'));
    expect(new Set(volumes).size).toBe(processes.length);
  });

  it('waits longer for a process to stop than one may take', () => {
    for (const [, { environment = {}, stop_grace_period: period = '' }] of processes) {
      const { stopDelayMs, databaseUrl } = readAsProcess(environment);
      const [, seconds = '0'] = /^(\d+)s$/.exec(period) ?? [];
      const leaseMs = databaseUrl === undefined ? 0 : defaultArchiverSettings.leaseMs;
      expect(Number(seconds) * 1_000).toBeGreaterThan(stopDelayMs + stopWithinMs + leaseMs);
    }
  });

  it('names no volume, network or secret that it does not declare', () => {
    for (const service of Object.values(compose.services)) {
      const volumes = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
      for (const volume of volumes.filter((name) => !name.startsWith('.'))) {
        expect(Object.keys(compose.volumes)).toContain(volume);
      }
      expect(Object.keys(compose.networks ?? {})).toEqual(expect.arrayContaining(service.networks ?? []));
      expect(Object.keys(compose.secrets ?? {})).toEqual(expect.arrayContaining(service.secrets ?? []));
    }
  });

  it('mounts every secret whose file a process is told of', () => {
    for (const [, { environment = {}, secrets = [] }] of processes) {
      const paths = Object.entries(environment).flatMap(([name, value]) =>
        name.endsWith('_FILE') ? [value] : [],
      );
      expect(secrets.map((name) => `/run/secrets/${name}`).sort()).toEqual(paths.sort());
    }
  });
});

it('compose.yaml is reached from its own machine alone, at the port that Earshot listens on', () => {
  expect(read('compose.yaml').services['earshot']?.ports).toEqual([
    `127.0.0.1:8080:${settings.port.fallback}`,
  ]);
});

describe('compose.scaled.yaml', () => {
  const compose = read('compose.scaled.yaml');
  const balancer = readFileSync(root('deploy/haproxy.cfg'), 'utf8');
  const ms = (name: string, section = ''): number => {
    const from = balancer.indexOf(section);
    const [, count = '', unit] = new RegExp(`\\b${name} (\\d+)(ms|s)\\b`).exec(balancer.slice(from)) ?? [];
    return Number(count) * (unit === 's' ? 1_000 : 1);
  };

  it('lets nobody reach anything but the load balancer from outside', () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['balancer', ['127.0.0.1:8080:8080']],
    ]);
    for (const name of ['postgres', 's3']) expect(compose.services[name]?.networks).toEqual(['back']);
  });

  it('has a load balancer that knows every process, for pushes and for the rest', () => {
    const known = [...balancer.matchAll(/^ +server (\S+) (\S+)$/gm)].map(([, name, address]) => [
      name,
      address,
    ]);
    const expected = processesOf(compose).map(([name]) => [name, `${name}:${settings.port.fallback}`]);
    expect(known).toEqual([...expected, ...expected]);
  });

  it('has a load balancer that gives up after the sender has, and notices a stop before it happens', () => {
    expect(ms('timeout connect')).toBeGreaterThan(0);
    expect(3 * ms('timeout connect')).toBeLessThan(650);
    expect(ms('timeout server', 'backend pushes')).toBeGreaterThan(650);
    expect(balancer).toContain('option httpchk GET /readyz');
    for (const [, { environment = {} }] of processesOf(compose)) {
      expect(readAsProcess(environment).stopDelayMs).toBeGreaterThan(2 * ms('inter'));
    }
  });

  it('has a script that makes every secret, in a folder that is closed to others', () => {
    const folder = makeTemporaryFolder();
    mkdirSync(join(folder, 'deploy'));
    copyFileSync(root('deploy/make-secrets.sh'), join(folder, 'deploy/make-secrets.sh'));
    const make = () => execFileSync('sh', [join(folder, 'deploy/make-secrets.sh')]);
    make();
    const secretsDir = join(folder, 'secrets');
    const content = () => readdirSync(secretsDir).map((name) => readFileSync(join(secretsDir, name), 'utf8'));
    const first = content();
    make();
    expect(content()).toEqual(first);
    expect(statSync(secretsDir).mode & 0o777).toBe(0o700);
    const named = Object.values(compose.secrets ?? {}).map(({ file }) => file.replace('./secrets/', ''));
    expect(readdirSync(secretsDir).sort()).toEqual(named.sort());
    for (const [, { environment = {} }] of processesOf(compose)) readAsProcess(environment, secretsDir);
  });
});
