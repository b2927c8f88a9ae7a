import type { Bench } from '../bench.js';
import { startChild } from '../process/start-child.js';
import { atLeast, count, median, times, type Figure } from '../report/figure.js';
import { halfOfHighestRate, measureBusy, toFigure } from './latency.js';
import { load, otherAnswers } from './load.js';
import type { LoadResult } from '../load/load-result.js';
import type { FilledStore } from '../stores/store-under-test.js';

/** Receiving with millions of calls stored beside receiving into an empty store; the two take turns. */
export async function measureStored(bench: Bench): Promise<Figure[]> {
  const { storedCalls, rounds } = bench.scale;
  const results: { stored: LoadResult[]; empty: LoadResult[] } = { stored: [], empty: [] };
  const storage = await startChild('silence', {});
  const linkBases = [`http://127.0.0.1:${storage.answer.port}`];
  try {
    for (let round = 0; round < rounds; round++) {
      const filled = await bench.dataSet(storedCalls);
      results.stored.push(await receive(bench, linkBases, filled));
      results.empty.push(await receive(bench, linkBases));
    }
  } finally {
    await storage.stop();
  }
  const rateOf = (of: readonly LoadResult[]) =>
    median(of.map(({ acknowledgedPerSecond }) => acknowledgedPerSecond));
  const [stored, empty] = [rateOf(results.stored), rateOf(results.empty)];
  return [
    {
      name: `acknowledged pushes/s, ${count(storedCalls)} calls stored`,
      measured: `${count(stored)}/s`,
      beside: `${times(stored / empty)} × the empty store (${count(empty)})`,
      aims: [atLeast(0.8, 'empty', stored / empty)],
      numbers: { stored, empty },
      notes: otherAnswers(results.stored),
    },
    await measureLatencyStored(bench),
  ];
}

async function receive(
  bench: Bench,
  linkBases: readonly string[],
  filled?: FilledStore,
): Promise<LoadResult> {
  const { warmUpMs, roundMs: durationMs } = bench.scale;
  const result = await bench.withEarshot(
    'stored',
    ({ port }) => load({ port, shard: 4, warmUpMs, durationMs, linkBases }),
    { filled },
  );
  bench.say(`  ${filled ? 'stored' : 'empty'}: ${count(result.acknowledgedPerSecond)} pushes/s`);
  return result;
}

async function measureLatencyStored(bench: Bench): Promise<Figure> {
  const { storedCalls } = bench.scale;
  const rate = await halfOfHighestRate(bench);
  const filled = await bench.dataSet(storedCalls);
  const busy = await bench.withEarshot('stored', (server) => measureBusy(bench, server, rate, 5), { filled });
  return toFigure(bench, `acknowledgement under load, ${count(storedCalls)} calls stored`, rate, busy);
}
