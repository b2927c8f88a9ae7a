import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultArchiverSettings } from '../../src/archive/archiver-settings.js';
import { openServerProcesses, pushToken } from '../support/server-process.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { stopWithinMs } from '../../src/app/service.js';
import { readAsProcess } from './read-as-process.js';

const file = fileURLToPath(new URL('../../deploy/systemd/earshot.service', import.meta.url));
const unit = readFileSync(file, 'utf8');
const has = (command: string) => spawnSync(command, ['--version']).status === 0;
const hasSystemd = has('systemd-analyze');
if (!hasSystemd) process.stderr.write('systemd-analyze is not on this machine: the unit is not verified.\n');

const valuesOf = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

function analyze(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, stdout, words: `${stdout}${stderr}` };
}

/** The system calls of a set, those of the sets in it included. */
function systemCallsOf(set: string): string[] {
  return analyze('syscall-filter', set)
    .stdout.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== set && !line.startsWith('#'))
    .flatMap((line) => (line.startsWith('@') ? systemCallsOf(line) : [line]));
}

describe('the systemd unit', () => {
  it.skipIf(!hasSystemd)('is understood, word by word', () => {
    // Node may live elsewhere on this machine, and the file's name is that of the unit.
    const copy = join(makeTemporaryFolder(), 'earshot.service');
    writeFileSync(copy, unit.replace('/usr/bin/node', process.execPath));
    expect(analyze('verify', '--man=no', copy)).toMatchObject({ status: 0, words: '' });
  });

  it.skipIf(!hasSystemd)('leaves the service little that it could harm', () => {
    // 0 is nothing at all, 100 a service without any restriction.
    const { status, words } = analyze('security', '--offline=true', '--threshold=20', file);
    expect(status, words).toBe(0);
  });

  it('gives the process settings that it can read', () => {
    const [given = ''] = valuesOf('Environment');
    const environment = Object.fromEntries(
      given.split(' ').map((pair) => pair.split('=') as [string, string]),
    );
    expect(readAsProcess(environment).dataDir).toBe('/var/lib/earshot');
    expect(valuesOf('WorkingDirectory')).toEqual(['/var/lib/earshot']);
    expect(valuesOf('StateDirectory')).toEqual(['earshot']);
  });

  it('is told that the server takes pushes, that it lives, and that it stops', async () => {
    expect([valuesOf('Type'), valuesOf('NotifyAccess')]).toEqual([['notify'], ['all']]);
    expect(Number(valuesOf('WatchdogSec')[0])).toBeGreaterThanOrEqual(30);
    const folder = makeTemporaryFolder();
    const told = join(folder, 'told');
    writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${told}'\n`, {
      mode: 0o755,
    });
    const processes = await openServerProcesses();
    try {
      const server = processes.spawn({
        settings: {
          PATH: `${folder}:${process.env['PATH'] ?? ''}`,
          NOTIFY_SOCKET: '/run/systemd/notify',
          WATCHDOG_USEC: '300000',
        },
      });
      await server.url;
      await until(
        () => existsSync(told) && (readFileSync(told, 'utf8').match(/WATCHDOG=1/g)?.length ?? 0) > 2,
        {
          what: 'signs of life',
        },
      );
      expect((await server.stop()).code).toBe(0);
      const lines = readFileSync(told, 'utf8').trim().split('\n');
      expect([lines[0], lines.at(-1)]).toEqual(['READY=1', 'STOPPING=1']);
    } finally {
      await processes.close();
    }
  });

  it('waits longer for the process to stop than it may take', () => {
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1_000).toBeGreaterThan(
      stopWithinMs + defaultArchiverSettings.leaseMs,
    );
  });

  it.skipIf(!hasSystemd || !has('strace'))(
    'forbids no system call that the server makes between start and stop',
    async () => {
      const [allowed = '', refused = ''] = valuesOf('SystemCallFilter');
      const names = new Set(allowed.split(' ').flatMap(systemCallsOf));
      for (const name of systemCallsOf(refused.replace('~', ''))) names.delete(name);
      // SQLite gives its files to the owner of the database where it runs as root: as here, and not under the unit.
      names.add('fchown');
      const trace = join(makeTemporaryFolder(), 'trace');
      const processes = await openServerProcesses();
      try {
        const server = processes.spawn({ under: ['strace', '-D', '-f', '-qq', '-o', trace] });
        const url = await server.url;
        const answer = await fetch(`${url}/push/${pushToken}`, { method: 'POST', body: '[{"callId":"1"}]' });
        expect(answer.status).toBe(200);
        expect((await server.stop()).code).toBe(0);
      } finally {
        await processes.close();
      }
      const made = readFileSync(trace, 'utf8').matchAll(/^\d+ +(\w+)\(/gm);
      const forbidden = new Set([...made].flatMap(([, name = '']) => (names.has(name) ? [] : [name])));
      expect([...forbidden]).toEqual([]);
    },
  );
});
