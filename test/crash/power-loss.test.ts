import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAssets } from '../../src/archive/verify-assets.js';
import type { Random } from '../../src/domain/clock.js';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { openSimulator } from '../../src/simulator/simulator.js';
import { Sorter } from '../../src/sort/sorter.js';
import { openDiskStorage } from '../../src/storage/disk.js';
import { openDirectly } from '../../src/store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../../src/store/sqlite/sqlite-files.js';
import { readFeed, readStatus, untilSettled } from '../support/api-reader.js';
import { isKept, openPushSender } from '../support/push-sender.js';
import { openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { DiskModel } from './disk-model.js';
import { createPushLoad, type LoadPush } from './push-load.js';
import { hasStrace, needsStrace, readTrace, straceArguments, type SystemCall } from './system-calls.js';

const pushes = 400;
/** Moments at which the power goes; at each, two disks are looked at. */
const moments = 24;

let processes: ServerProcesses;
let scratch: string;

beforeEach(async () => {
  processes = await openServerProcesses();
  scratch = await mkdtemp(join(tmpdir(), 'earshot-power-'));
});

afterEach(async () => {
  await processes.close();
  await rm(scratch, { recursive: true, force: true });
});

describe('When the power goes', () => {
  it('every push that was acknowledged before is there, from what had been flushed alone', async ({
    skip,
  }) => {
    if (!(await hasStrace())) return skip(needsStrace);
    const random = seededRandom('power', 1);
    const { calls, answeredBy } = await recordPushes(random);
    const answers = calls.filter(({ kind }) => kind === 'answering').length;
    const chosen = chooseMoments(answers, random);
    const disk = new DiskModel(dirname(processes.dataDir));
    const acknowledged: LoadPush[] = [];
    const places = new Map<number, number>();
    let answer = 0;
    let atRisk = 0;
    let lastDir = '';

    for (const call of calls) {
      disk.apply(call);
      if (call.kind !== 'answering') continue;
      const place = places.get(call.port) ?? 0;
      places.set(call.port, place + 1);
      const push = answeredBy.get(`${call.port} ${place}`);
      if (push) acknowledged.push(push);
      if (!chosen.has(answer++)) continue;
      atRisk += disk.unsafeChanges;
      for (const luck of [undefined, random]) {
        lastDir = await writeDisk(disk, `${answer}-${luck ? 'lucky' : 'strict'}`, luck);
        const lost = missing(acknowledged, await sortAndRead(lastDir));
        expect(lost, `after answer ${answer} of ${answers}`).toEqual([]);
      }
    }
    expect(acknowledged.length).toBe(answeredBy.size);
    // Had nothing been waiting to be flushed at any of the moments, nothing would have been tried.
    expect(atRisk).toBeGreaterThan(0);

    // The server itself starts on the last of these disks.
    const url = await processes.spawn({ dataDir: lastDir }).url;
    await untilSettled(url);
    const feed = (await readFeed(url)).map(({ text }) => text);
    expect(missing(acknowledged, feed)).toEqual([]);

    // And were flushes not needed, all this would show nothing: a disk that forgets the later ones loses pushes.
    const forgetful = new DiskModel(dirname(processes.dataDir));
    const firstAnswer = calls.findIndex(({ kind }) => kind === 'answering');
    for (const [index, call] of calls.entries()) {
      if (index < firstAnswer || call.kind !== 'flushed') forgetful.apply(call);
    }
    expect(missing(acknowledged, await sortAndRead(await writeDisk(forgetful, 'forgetful')))).not.toEqual([]);
  });

  it('every recording that the store calls archived is there, whole and under its name', async ({ skip }) => {
    if (!(await hasStrace())) return skip(needsStrace);
    const random = seededRandom('power', 2);
    const calls = await recordArchiving(20);
    const chosen = chooseMoments(calls.length, random);
    const disk = new DiskModel(dirname(processes.dataDir));
    let most = 0;
    for (const [index, call] of calls.entries()) {
      disk.apply(call);
      if (!chosen.has(index)) continue;
      for (const luck of [undefined, random]) {
        const dataDir = await writeDisk(disk, `${index}-${luck ? 'lucky' : 'strict'}`, luck);
        const { archived, wrong } = await verify(dataDir);
        expect(wrong, `after call ${index} of ${calls.length}`).toEqual([]);
        most = Math.max(most, archived);
      }
    }
    expect(most).toBe(20);
  });
});

/** Pushes to a traced server, and what it was then seen to do. Pushes are found by connection and place on it. */
async function recordPushes(
  random: Random,
): Promise<{ calls: SystemCall[]; answeredBy: Map<string, LoadPush> }> {
  const trace = join(scratch, 'trace');
  const server = processes.spawn({ under: ['strace', ...straceArguments(trace)] });
  const sender = openPushSender(await server.url);
  const next = createPushLoad(random);
  const answeredBy = new Map<string, LoadPush>();
  let sent = 0;
  const lane = async () => {
    while (sent++ < pushes) {
      const push = next();
      const answer = await sender.push(push.body, { headers: push.headers });
      if (isKept(answer)) answeredBy.set(`${answer.localPort} ${answer.place}`, push);
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  sender.close();
  await server.kill();
  return { calls: await readTrace(trace), answeredBy };
}

/** The same while recordings are archived, all of them. */
async function recordArchiving(recordings: number): Promise<SystemCall[]> {
  const trace = join(scratch, 'trace');
  const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' };
  const server = processes.spawn({ settings, under: ['strace', ...straceArguments(trace)] });
  const url = await server.url;
  const simulator = await openSimulator(
    {
      ...{ to: `${url}/push/${pushToken}`, calls: recordings, rate: 1_000, seed: 1, timeoutMs: 30_000 },
      ...{ minCallSeconds: 3, maxCallSeconds: 20 },
    },
    { clock: () => Date.now() },
  );
  try {
    await simulator.run();
    await until(async () => (await readStatus(url)).recordings.archived === recordings, {
      what: 'everything is archived',
    });
  } finally {
    await simulator.close();
  }
  await server.kill();
  return readTrace(trace);
}

/** The first and the last, and others by chance. */
function chooseMoments(count: number, random: Random): Set<number> {
  const chosen = new Set([0, 1, count - 1]);
  while (chosen.size < Math.min(moments, count)) chosen.add(Math.floor(random() * count));
  return chosen;
}

/** Writes the disk as the power left it, and returns where its data folder is. */
async function writeDisk(disk: DiskModel, name: string, luck?: Random): Promise<string> {
  const root = join(scratch, name);
  await disk.write(root, luck);
  const dataDir = join(root, relative(dirname(processes.dataDir), processes.dataDir));
  // Where the disk has forgotten the folder itself, everything is missing.
  await mkdir(dataDir, { recursive: true });
  return dataDir;
}

/** What a server would make of the folder, in this process: opening, recovery, sorting. */
async function sortAndRead(dataDir: string): Promise<string[]> {
  const store = openDirectly(sqliteFilesIn(dataDir), () => Date.now());
  try {
    const { inboxReader: inbox, journal, journalWriter } = store;
    const sorter = new Sorter({
      inbox,
      journal,
      journalWriter,
      onSorted: () => undefined,
      elapsedMs: () => 0,
    });
    for (let before = -1; before !== (await journal.cursors()).sorter;) {
      before = (await journal.cursors()).sorter;
      await sorter.step();
    }
    const texts: string[] = [];
    for (let after = 0; ;) {
      const entries = await journal.read(after, 5_000);
      const end = entries.at(-1);
      if (!end) return texts;
      for (const { text } of entries) texts.push(text);
      after = end.seq;
    }
  } finally {
    store.close();
  }
}

async function verify(dataDir: string): Promise<{ archived: number; wrong: unknown[] }> {
  const store = openDirectly(sqliteFilesIn(dataDir), () => Date.now());
  try {
    const storage = await openDiskStorage({ root: join(dataDir, 'recordings') });
    const wrong: unknown[] = [];
    let archived = 0;
    for await (const asset of verifyAssets(store.recordings, storage)) {
      archived++;
      if (asset.difference) wrong.push(asset);
    }
    return { archived, wrong };
  } finally {
    store.close();
  }
}

function missing(acknowledged: readonly LoadPush[], found: readonly string[]): string[] {
  const there = new Set(found);
  return acknowledged.flatMap(({ messages }) => messages).filter((text) => !there.has(text));
}
