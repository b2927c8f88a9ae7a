import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../src/contract/status.js';
import type { Finding } from '../../src/app/commands/doctor-machine.js';
import { untilSettled } from '../support/api-reader.js';
import { openPushSender } from '../support/push-sender.js';
import { makeReport, openCluster, pushUntilKept, type Cluster } from './cluster.js';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await openCluster();
});
afterEach(() => cluster.close());

/** Of `doctor --json`, by name. */
const findingsOf = (stdout: string) =>
  new Map((JSON.parse(stdout) as Finding[]).map((finding) => [finding.name, finding]));

describe('commands on a database', () => {
  it('read and change what the processes share', async () => {
    const url = await cluster.start('server').url;
    const sender = openPushSender(url);
    await pushUntilKept(sender, `[${makeReport(1)}]`);
    sender.close();
    await untilSettled(url);

    const made = await cluster.run('server', ['key', 'add', 'reader']);
    expect(made.code, made.words).toBe(0);
    const headers = { authorization: `Bearer ${made.stdout.trim()}` };
    expect((await fetch(`${url}/api/v1/calls`, { headers })).status).toBe(200);

    for (const command of [['verify'], ['sort', '--again'], ['project', '--rebuild']]) {
      const { code, words } = await cluster.run('server', command);
      expect(code, words).toBe(0);
    }

    const shown = await cluster.run('server', ['status', '--public-url', url, '--json']);
    const status = JSON.parse(shown.stdout) as Status;
    expect(status).toMatchObject({
      store: { kind: 'postgres', state: 'reachable' },
      journal: { lastSeq: 1 },
    });
    const words = await cluster.run('server', ['status', '--public-url', url]);
    expect(words.stdout).toMatch(/postgres, reachable[^]*intake,archive,deliver,api/);

    const doctor = await cluster.run('server', ['doctor', '--json']);
    const findings = findingsOf(doctor.stdout);
    for (const name of ['database', 'schema', 'clocks', 'standbys', 'processes', 'lag', 'local inbox'])
      expect(findings.get(name), name).toMatchObject({ ok: true });
    // The server of the tests loses no power.
    expect(findings.get('durability')).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('fsync') as string,
    });
  });

  it('say of a database that is away what it is, and never its password', async () => {
    const settings = { EARSHOT_DATABASE_URL: 'postgres://user:geheim@127.0.0.1:1/none' };
    const doctor = await cluster.run('nobody', ['doctor', '--json'], settings);
    expect(doctor.code).toBe(1);
    const listed = await cluster.run('nobody', ['key', 'list'], settings);
    expect(listed.code).toBe(1);
    expect(listed.words).toContain('store-unavailable');
    const shown = await cluster.run('nobody', ['config'], settings);
    expect(doctor.stdout + doctor.words + listed.words + shown.stdout).not.toContain('geheim');
  });
});
