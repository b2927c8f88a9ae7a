import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VerifyReport } from '../../src/app/commands/maintenance.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readRecordings } from '../support/api-reader.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const calls = 5;

let processes: ServerProcesses;
let simulator: Simulator;
let url: string;
beforeAll(async () => {
  processes = await openServerProcesses();
  const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' };
  url = await processes.spawn({ settings }).url;
  simulator = await openSimulator(
    {
      ...{ to: `${url}/push/${pushToken}`, calls, rate: 20, batch: 2, seed: 7, reportShare: 0 },
      ...{ minCallSeconds: 5, maxCallSeconds: 20, timeoutMs: 10_000, faults: {}, timeScale: 1 },
    },
    { clock: () => Date.now() },
  );
  await simulator.run();
  await untilArchived();
});
afterAll(async () => {
  await simulator.close();
  await processes.close();
});

function untilArchived() {
  return until(
    async () => {
      const found = await readRecordings(url);
      return found.length === calls && found.every(({ state }) => state === 'archived') && found;
    },
    { what: 'everything is archived' },
  );
}

async function verify(...more: string[]) {
  const { code, stdout, words } = await processes.run('verify', ...more, '--json');
  return { code, words, report: JSON.parse(stdout) as VerifyReport };
}

it('fetches again what is missing or damaged, and nothing else', async () => {
  const found = (await verify()).report;
  expect(found).toMatchObject({ assets: calls, differences: [] });
  const files = (await untilArchived()).map(({ id, asset }) => ({
    id,
    path: join(processes.dataDir, 'recordings', asset?.fileName ?? ''),
  }));
  const before = files.map(({ path }) => readFileSync(path));
  const [gone, short, flipped, last] = files.map(({ path }) => path) as [string, string, string, string];
  rmSync(gone);
  truncateSync(short, 100);
  writeFileSync(
    flipped,
    before[2]!.map((byte, index) => (index === 999 ? byte ^ 1 : byte)),
  );

  const told = await verify();
  expect(told.code).toBe(1);
  expect(told.report.differences.map(({ difference }) => difference).sort()).toEqual([
    ...['missing', 'wrong-content', 'wrong-size'],
  ]);
  expect(told.report.differences.map(({ repair }) => repair)).toEqual([undefined, undefined, undefined]);

  const repaired = await verify('--repair');
  expect(repaired.code).toBe(0);
  expect(repaired.report.differences.map(({ repair }) => repair)).toEqual(['due', 'due', 'due']);
  await untilArchived();
  expect((await verify()).report.differences).toEqual([]);
  expect(files.map(({ path }) => readFileSync(path))).toEqual(before);

  rmSync(last);
  const retry = (id: string) =>
    fetch(`${url}/api/v1/recordings/${id}/retry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
    });
  const answers = await Promise.all(files.map(async ({ id }) => (await retry(id)).status));
  expect(answers).toEqual([409, 409, 409, 202, 409]);
  await untilArchived();
  expect(readFileSync(last)).toEqual(before[3]);
});

it('makes nothing due where the folder is empty, unless told to', async () => {
  const before = await untilArchived();
  const folder = join(processes.dataDir, 'recordings');
  const aside = `${folder}-aside`;
  renameSync(folder, aside);
  mkdirSync(folder);

  const stopped = await verify('--repair');
  expect(stopped.code).toBe(1);
  expect(stopped.report.nearlyEmpty).toBe(true);
  expect(stopped.report.differences.map(({ difference, repair }) => [difference, repair])).toEqual(
    before.map(() => ['missing', undefined]),
  );
  expect(stopped.words).toContain(`${calls} of ${calls} archived files are missing`);
  expect(stopped.words).toContain('--even-if-empty');
  expect((await readRecordings(url)).map(({ state }) => state)).toEqual(before.map(() => 'archived'));

  const repaired = await verify('--repair', '--even-if-empty');
  expect(repaired.code).toBe(0);
  expect(repaired.report.differences.map(({ repair }) => repair)).toEqual(before.map(() => 'due'));
  await untilArchived();
  rmSync(aside, { recursive: true });
  expect((await verify()).report).toMatchObject({ differences: [], nearlyEmpty: false });
});
