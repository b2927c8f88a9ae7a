import { afterEach, expect, it, onTestFailed } from 'vitest';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import {
  readCalls,
  readFeed,
  readQuarantine,
  readStatus,
  untilSettled,
  type FeedEntry,
} from '../support/api-reader.js';
import { createLocalPeers } from '../support/local-peers.js';
import { openPushSender } from '../support/push-sender.js';
import type { ServerProcess } from '../support/server-process.js';
import { hangsAfterMs } from '../support/test-run.js';
import { until } from '../support/until.js';
import { pauseByChance, type CrashSite } from './crash-site.js';
import { FeedConsumer } from './feed-consumer.js';
import { createLedger, type Ledger } from './ledger.js';
import { countRounds, crashSeed, openCrashSite, type StoreKind } from './open-crash-site.js';
import { createPushLoad } from './push-load.js';
import { createEndpoint, openReceiver, type Receiver } from './receiver.js';
import { runLoad } from './run-load.js';

/**
 * What is killed, on either store, is for its site to draw. With PostgreSQL a round is longer: what a dead server held
 * is another's only after its lease.
 */
const loads = {
  embedded: { rounds: countRounds(5, 20), concurrency: 12, pauseMs: 0 },
  postgres: { rounds: countRounds(2, 6), concurrency: 6, pauseMs: 40 },
};

interface Trial {
  readonly site: CrashSite;
  readonly load: (typeof loads)[keyof typeof loads];
  /** Of what is done to the servers; of the pushes. */
  readonly random: () => number;
  readonly next: ReturnType<typeof createPushLoad>;
  readonly ledger: Ledger;
  readonly consumer: FeedConsumer;
  readonly receiver: Receiver;
  /** What was struck, in the order of rounds. */
  readonly history: string[];
}

const peers = createLocalPeers();
let site: CrashSite | undefined;

/** A file for each store: each takes its time. */
export function testStrikes(kind: StoreKind): void {
  afterEach(async () => {
    await site?.close();
    await peers.close();
  });

  const load = loads[kind];
  const { rounds } = load;
  /** How many rounds go by between two looks at everything: the more there are, the more there is to look at. */
  const roundsBetweenChecks = Math.max(3, Math.ceil(rounds / 20));

  it(
    `Servers on the store ${kind} that are struck ${rounds} times (seed ${crashSeed}) have kept every acknowledged push, each message once, and send each on`,
    async () => {
      site = await openCrashSite(kind, { EARSHOT_ALLOW_NETWORKS: '127.0.0.1/32' });
      const trial: Trial = {
        ...{ site, load, random: seededRandom('strikes', crashSeed) },
        next: createPushLoad(seededRandom('crash', crashSeed)),
        ledger: createLedger(),
        consumer: new FeedConsumer(),
        receiver: await openReceiver(peers, crashSeed),
        history: [],
      };
      onTestFailed(() => {
        process.stderr.write(`${trial.site.words()}\nStruck, in this order: ${trial.history.join(' | ')}\n`);
      });
      const [place = ''] = site.places;
      const url = await site.start(place).url;
      await until(
        () =>
          createEndpoint(url, { url: trial.receiver.url, concurrency: 4, batchSize: 100 }).then(() => true),
        { what: 'there is an endpoint' },
      );

      for (let round = 1; round <= rounds; round++) {
        if (trial.random() < 0.2) await strikeWhileStarting(trial);
        else await strikeUnderLoad(trial);
        if (round % roundsBetweenChecks === 0 || round === rounds) await checkEverything(trial);
      }
      expect(trial.ledger.acknowledgedPushes).toBeGreaterThan(rounds);

      await checkRebuild(site);
    },
    (1 + rounds) * hangsAfterMs,
  );
}

/** Migration, reading the log left by the last crash, the first sorting: whatever it was at. */
async function strikeWhileStarting({ site, random, history }: Trial): Promise<void> {
  for (const place of site.places) site.start(place);
  await pauseByChance(random, 20, 1_500);
  history.push(`starting: ${await site.strike(random)}`);
}

async function strikeUnderLoad(trial: Trial): Promise<void> {
  const { site, load, random, ledger, consumer, next, history } = trial;
  const places = random() < 0.5 ? site.places : site.places.slice(0, 1);
  const servers = places.map((place) => site.start(place));
  const urls = await Promise.all(servers.map(({ url }) => url));
  const [reader, readFrom] = [servers.at(-1), urls.at(-1)] as [ServerProcess, string];
  if (random() < 0.6) await site.untilAtWork(readFrom);
  let isOver = false;
  const isOverFor = (server: ServerProcess) => () => isOver || !site.isUp(server);
  const loading = servers.map(async (server, index) => {
    const sender = openPushSender(urls[index] ?? '');
    await runLoad({ sender, ledger, next, ...load, isOver: isOverFor(server) });
    sender.close();
  });
  const reading = consumer.follow(readFrom, isOverFor(reader));
  await pauseByLuck(random);
  history.push(await site.strike(random));
  // Whoever has outlived it goes on for a while.
  if (servers.some((server) => site.isUp(server))) await pauseByLuck(random);
  isOver = true;
  await Promise.all([...loading, reading]);
}

function pauseByLuck(random: () => number): Promise<void> {
  return random() < 0.5 ? pauseByChance(random, 5, 500) : pauseByChance(random, 500, 3_000);
}

async function checkEverything({ site, ledger, consumer, receiver }: Trial): Promise<void> {
  const url = await startAll(site);
  await untilEverythingIsDone(url);
  await consumer.catchUp(url);
  const feed = await readFeed(url);
  const calls = await readCalls(url);
  const quarantined = await readQuarantine(url);
  expect(ledger.compareFeed(feed)).toEqual([]);
  expect(consumer.compare(feed)).toEqual([]);
  expect(ledger.compareQuarantine(quarantined.map(({ preview }) => preview))).toEqual([]);
  const callIds = callIdsOf(feed);
  expect(calls.map(({ callId }) => callId).sort()).toEqual(callIds.toSorted());
  expect(receiver.compare(callIds, 'in any order')).toEqual([]);
  expect(site.deaths).toEqual([]);
}

const callIdsOf = (feed: readonly FeedEntry[]) => feed.map(({ callId }) => callId);

/** Starts what does not run, and waits until nothing waits in a local inbox. Returns the address of one. */
async function startAll(site: CrashSite): Promise<string> {
  const urls = await Promise.all(site.places.map((place) => site.start(place).url));
  for (const url of urls) {
    let left = -1;
    const isDrained = async () => {
      left = (await readStatus(url)).processes[0]?.inbox?.pending ?? 0;
      return left === 0;
    };
    await until(isDrained, { what: 'its local inbox is drained' }).catch((cause: unknown) => {
      throw new Error(`A local inbox was not drained: ${left} pushes are left.`, { cause });
    });
    await untilSettled(url);
  }
  return urls[0] ?? '';
}

/** Everything is sent on, and nothing had to be given up. */
async function untilEverythingIsDone(url: string): Promise<void> {
  const isDone = async (): Promise<boolean> =>
    (await readStatus(url)).endpoints.every(({ pending, lag }) => pending === 0 && lag === 0);
  await until(isDone, { what: 'everything is delivered' });
  expect((await readStatus(url)).endpoints.map(({ dead }) => dead)).toEqual([0]);
}

/** Calls and recordings built anew from the journal are those that grew through all the crashes. */
async function checkRebuild(site: CrashSite): Promise<void> {
  const before = await readProjection(site);
  const rebuilt = await site.run('project', '--rebuild');
  expect(rebuilt).toMatchObject({ code: 0 });
  expect(await readProjection(site)).toEqual(before);
}

async function readProjection(site: CrashSite): Promise<unknown> {
  const url = await startAll(site);
  // Every link is of a refused host: once all are blocked, the archiver changes nothing any more.
  const calls = await until(
    async () => {
      const all = await readCalls(url);
      return all.every(({ recordings }) => recordings.every(({ state }) => state === 'blocked')) && all;
    },
    { what: 'every recording of a refused host is blocked' },
  );
  await site.stop();
  // How often it was tried is the archiver's own bookkeeping: it goes on between two readings.
  return calls.map(({ recordings, ...call }) => ({
    ...call,
    recordings: recordings.map(({ attempts: _attempts, nextAttemptAt: _next, ...recording }) => recording),
  }));
}
