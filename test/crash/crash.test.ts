import { afterEach, describe, expect, it } from 'vitest';
import type { Random } from '../../src/domain/clock.js';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { readCalls, readFeed, readQuarantine, untilSettled } from '../support/api-reader.js';
import { openPushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { FeedConsumer } from './feed-consumer.js';
import { createLedger, type Ledger } from './ledger.js';
import { createPushLoad, type LoadPush } from './push-load.js';
import { runLoad } from './run-load.js';

const rounds = Number(process.env['CRASH_ROUNDS'] ?? 20);
const seed = Number(process.env['CRASH_SEED'] ?? 1);

/** How many rounds go by between two looks at everything: the more there are, the more there is to look at. */
const roundsBetweenChecks = Math.max(4, Math.ceil(rounds / 20));

let processes: ServerProcesses | undefined;

afterEach(async () => {
  await processes?.close();
});

describe(`A server that is killed ${rounds} times on one data folder (seed ${seed})`, () => {
  it(
    'has kept every acknowledged push, each message once',
    async () => {
      processes = await openServerProcesses();
      const random = seededRandom('crash', seed);
      const ledger = createLedger();
      const consumer = new FeedConsumer();
      const next = createPushLoad(random);

      for (let round = 1; round <= rounds; round++) {
        if (random() < 0.2) await killWhileStarting(processes, random);
        else await killUnderLoad(processes, { random, ledger, consumer, next });
        if (round % roundsBetweenChecks === 0 || round === rounds)
          await checkEverything(processes, ledger, consumer);
      }
      expect(ledger.acknowledgedPushes).toBeGreaterThan(rounds);

      await checkRebuild(processes);
    },
    60_000 + rounds * 15_000,
  );
});

interface Round {
  readonly random: Random;
  readonly ledger: Ledger;
  readonly consumer: FeedConsumer;
  readonly next: () => LoadPush;
}

/** Migration, reading the log left by the last crash, the first sorting: whatever it was at. */
async function killWhileStarting(processes: ServerProcesses, random: Random): Promise<void> {
  const server = processes.spawn();
  await Promise.race([delay(random, 20, 1_500), server.exited]);
  await server.kill();
}

async function killUnderLoad(
  processes: ServerProcesses,
  { random, ledger, consumer, next }: Round,
): Promise<void> {
  const server = processes.spawn();
  const url = await server.url;
  const sender = openPushSender(url);
  let over = false;
  const isOver = () => over;
  const load = runLoad({ sender, ledger, next, concurrency: 12, isOver });
  const reading = consumer.follow(url, isOver);
  await (random() < 0.5 ? delay(random, 5, 500) : delay(random, 500, 3_000));
  // First the kill: a push that is answered while it falls counts.
  const killed = server.kill();
  over = true;
  await Promise.all([killed, load, reading]);
  sender.close();
}

/** Short ones far more often than long ones: log-uniform. Chance is what is wanted here, not a condition. */
function delay(random: Random, leastMs: number, mostMs: number): Promise<void> {
  const ms = leastMs * (mostMs / leastMs) ** random();
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function checkEverything(
  processes: ServerProcesses,
  ledger: Ledger,
  consumer: FeedConsumer,
): Promise<void> {
  const server = processes.spawn();
  const url = await server.url;
  await untilSettled(url);
  await consumer.catchUp(url);
  const feed = await readFeed(url);
  const calls = await readCalls(url);
  const quarantined = await readQuarantine(url);
  expect(ledger.compareFeed(feed)).toEqual([]);
  expect(consumer.compare(feed)).toEqual([]);
  expect(ledger.compareQuarantine(quarantined.map(({ preview }) => preview))).toEqual([]);
  expect(calls.map(({ callId }) => callId).sort()).toEqual(feed.map(({ callId }) => callId).sort());
  await server.kill();
}

/** Calls and recordings built anew from the journal are those that grew through all the crashes. */
async function checkRebuild(processes: ServerProcesses): Promise<void> {
  const before = await readProjection(processes);
  const rebuilt = await processes.run('project', '--rebuild');
  expect(rebuilt).toMatchObject({ code: 0 });
  expect(await readProjection(processes)).toEqual(before);
}

async function readProjection(processes: ServerProcesses): Promise<unknown> {
  const server = processes.spawn();
  const url = await server.url;
  await untilSettled(url);
  // Every link is of a refused host: once all are blocked, the archiver changes nothing any more.
  const calls = await until(
    async () => {
      const all = await readCalls(url);
      return all.every(({ recordings }) => recordings.every(({ state }) => state === 'blocked')) && all;
    },
    { what: 'every recording of a refused host is blocked' },
  );
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  // How often it was tried is the archiver's own bookkeeping: it goes on between two readings.
  return calls.map(({ recordings, ...call }) => ({
    ...call,
    recordings: recordings.map(({ attempts: _attempts, nextAttemptAt: _next, ...recording }) => recording),
  }));
}
