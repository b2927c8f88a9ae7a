import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { slowPath, type ReceivedCounts } from '../deliver/receiver.js';
import { freePort } from '../process/listen.js';
import type { Earshot } from '../process/earshot-server.js';
import { runInChild, startChild } from '../process/start-child.js';
import { atLeast, atMost, count, median, times, type Figure } from '../report/figure.js';
import { load } from './load.js';

const recordsPerPush = 100;
const healthyEndpoints = 98;
const timeoutMs = 600_000;

/** Pushing on: one endpoint beside a loop that keeps no state, and many of which one is dead and one is slow. */
export async function measureDelivering(bench: Bench): Promise<Figure[]> {
  const receiver = await startChild('receiver', {});
  try {
    const { port } = receiver.answer;
    return [await measureOne(bench, port), await measureMany(bench, port)];
  } finally {
    await receiver.stop();
  }
}

async function measureOne(bench: Bench, receiverPort: number): Promise<Figure> {
  const { deliveredMessages: messages, deliverRounds } = bench.scale;
  const pushes = messages / recordsPerPush;
  const earshot: number[] = [];
  const loop: number[] = [];
  for (let round = 0; round < deliverRounds; round++) {
    const path = `/one/${round}`;
    const seconds = await bench.withEarshot('deliver', async (server) => {
      await fill(server, messages);
      return await deliver(server, receiverPort, [path], messages);
    });
    earshot.push(messages / seconds);
    const baseline = await runInChild('push-loop', { port: receiverPort, pushes, recordsPerPush });
    loop.push(messages / baseline.seconds);
    bench.say(`  one endpoint: ${count(earshot.at(-1) ?? 0)} records/s, the loop ${count(loop.at(-1) ?? 0)}`);
  }
  const [ours, theirs] = [median(earshot), median(loop)];
  return {
    name: `deliver, ${recordsPerPush} a push, one endpoint`,
    measured: `${count(ours)} records/s`,
    beside: `${times(ours / theirs)} × the loop (${count(theirs)})`,
    aims: [atLeast(0.5, 'the loop', ours / theirs)],
    numbers: { earshot: ours, loop: theirs },
  };
}

/** The same messages for each: the time until every healthy endpoint has all, with and without two bad neighbours. */
async function measureMany(bench: Bench, receiverPort: number): Promise<Figure> {
  const { deliveredMessagesEach: messages, deliverRounds } = bench.scale;
  const deadPort = await freePort();
  const seconds: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
  for (let round = 0; round < deliverRounds; round++) {
    for (const kind of ['alone', 'beside'] as const) {
      const paths = Array.from({ length: healthyEndpoints }, (_, index) => `/many/${kind}/${round}/${index}`);
      const taken = await bench.withEarshot('deliver', async (server) => {
        await fill(server, messages);
        if (kind === 'beside') {
          await server.api.createEndpoint(`http://127.0.0.1:${deadPort}/dead`);
          await server.api.createEndpoint(`http://127.0.0.1:${receiverPort}${slowPath}/${round}`);
        }
        return await deliver(server, receiverPort, paths, messages);
      });
      seconds[kind].push(taken);
      bench.say(`  ${healthyEndpoints} endpoints, ${kind}: ${taken.toFixed(2)} s`);
    }
  }
  const total = messages * healthyEndpoints;
  const [alone, beside] = [total / median(seconds.alone), total / median(seconds.beside)];
  const lossPercent = Math.max(0, (1 - beside / alone) * 100);
  return {
    name: `deliver to ${healthyEndpoints} endpoints beside a dead and a slow one`,
    measured: `${count(beside)} records/s`,
    beside: `${lossPercent.toFixed(0)} % less than without these two (${count(alone)})`,
    aims: [atMost(10, '%', lossPercent, 'loss')],
    numbers: { beside, alone, lossPercent },
  };
}

/** Puts messages into the journal and waits until nothing is left to do but to deliver them. */
async function fill({ port, api }: Earshot, messages: number): Promise<void> {
  await load({
    port,
    recordsPerPush,
    shard: 7,
    warmUpMs: 0,
    durationMs: timeoutMs,
    connections: 8,
    maxPushes: messages / recordsPerPush,
  });
  await api.waitForStatus(
    ({ inbox, journal, consumers }) =>
      inbox.pending === 0 &&
      journal.lastSeq >= messages &&
      consumers.every(({ name, lag }) => lag === 0 || name === 'analyser'),
    { everyMs: 50, timeoutMs, what: 'every message journaled and projected' },
  );
}

/** Seconds from the first endpoint's creation until each path has received `messages`. */
async function deliver(
  { api }: Earshot,
  receiverPort: number,
  paths: readonly string[],
  messages: number,
): Promise<number> {
  const startedAt = performance.now();
  for (const path of paths) await api.createEndpoint(`http://127.0.0.1:${receiverPort}${path}`);
  while (true) {
    const counts = (await (await fetch(`http://127.0.0.1:${receiverPort}/counts`)).json()) as ReceivedCounts;
    if (paths.every((path) => (counts[path] ?? 0) >= messages)) return (performance.now() - startedAt) / 1000;
    if (performance.now() - startedAt > timeoutMs) throw new Error('not everything was delivered in time');
    await wait(20);
  }
}
