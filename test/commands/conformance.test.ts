import { afterEach, describe, expect, it } from 'vitest';
import { openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';

let processes: ServerProcesses | undefined;

afterEach(async () => {
  await processes?.close();
  processes = undefined;
});

interface Report {
  readonly conforms: boolean;
  readonly findings: readonly { readonly id: string; readonly verdict: string }[];
}

describe('earshot conformance', () => {
  // 700 ms are real time, and this machine runs a browser and another server besides: a late answer is asked for again.
  it('finds nothing wrong with Earshot itself', { retry: 2 }, async () => {
    processes = await openServerProcesses();
    const url = await processes.spawn().url;
    const examined = await processes.run(
      ...['conformance', `${url}/push/${pushToken}`, '--json', '--rate-limit', '50'],
    );
    const report = JSON.parse(examined.stdout) as Report;
    expect(report.findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(report.findings.length).toBeGreaterThan(25);
    expect(report.conforms).toBe(true);
    expect(examined.code).toBe(0);
    expect(examined.words).not.toContain(pushToken);
  });

  it('says line by line what is wrong with another, and exits with 1', async () => {
    processes = await openServerProcesses();
    const url = await processes.start('listen', '--port', '0', '--answer', 'string-code').url;
    const examined = await processes.run('conformance', url, '--rate-limit', '1');
    expect(examined.code).toBe(1);
    expect(examined.stdout).toMatch(/^pass {5}status-200: .*HTTP 200 in \d+ ms/m);
    expect(examined.stdout).toMatch(
      /^fail {5}numeric-code: .*\n +sent {2}POST.*\n +came {2}HTTP 200.*\n +says {2}"The system only.*\n +do {4}.*without quotes/m,
    );
    expect(examined.words).toMatch(/fails in \d+ of what the protocol demands/);
  });

  it('exits with 1 where nobody answers, and with 2 where it was called wrongly', async () => {
    processes = await openServerProcesses();
    expect(await processes.run('conformance', 'http://127.0.0.1:1')).toMatchObject({ code: 1 });
    expect(await processes.run('conformance', 'nowhere')).toMatchObject({ code: 2 });
    expect(await processes.run('conformance')).toMatchObject({ code: 2 });
  });
});
