import type { Bench } from '../bench.js';
import type { LoadResult } from '../load/load-result.js';
import { startChild } from '../process/start-child.js';
import { atLeast, count, ifAimed, median, times, type Figure } from '../report/figure.js';
import { load, otherAnswers } from './load.js';

type System = 'earshot' | 'naive' | 'bare';
const systems: readonly System[] = ['earshot', 'naive', 'bare'];

/** Acknowledged pushes a second, 64 connections in a closed loop; server and baselines take turns. */
export async function measureAcknowledging(bench: Bench): Promise<Figure[]> {
  return [await measure(bench, 1), await measure(bench, 20)];
}

async function measure(bench: Bench, recordsPerPush: 1 | 20): Promise<Figure> {
  const results: Record<System, LoadResult[]> = { earshot: [], naive: [], bare: [] };
  for (let round = 0; round < bench.scale.rounds; round++) {
    for (const system of systems) {
      const result = await runOnce(bench, system, recordsPerPush);
      bench.say(`  ${system}, ${recordsPerPush} a push: ${count(result.acknowledgedPerSecond)} pushes/s`);
      results[system].push(result);
    }
  }
  const [earshot, naive, bare] = systems.map((system) =>
    median(results[system].map(({ acknowledgedPerSecond }) => acknowledgedPerSecond)),
  ) as [number, number, number];
  if (recordsPerPush === 1) bench.pushesPerSecond = earshot;
  const latency = results.earshot.map(({ latencyMs }) => latencyMs.p99);
  const aim = bench.store.aims.acknowledge[recordsPerPush];
  return {
    name: recordsPerPush === 1 ? 'acknowledged pushes/s, 1 record' : `records/s, ${recordsPerPush} a push`,
    measured: `${count(earshot * recordsPerPush)}/s`,
    beside:
      `${times(earshot / naive)} × naive (${count(naive * recordsPerPush)}), ` +
      `${times(earshot / bare)} × bare (${count(bare * recordsPerPush)})`,
    aims: [
      ...ifAimed(aim.naive, (ratio) => atLeast(ratio, 'naive', earshot / naive)),
      ...ifAimed(aim.bare, (ratio) => atLeast(ratio, 'bare', earshot / bare)),
    ],
    numbers: { pushesPerSecond: earshot, naive, bare, p99Ms: median(latency) },
    notes: otherAnswers(results.earshot),
  };
}

async function runOnce(bench: Bench, system: System, recordsPerPush: number): Promise<LoadResult> {
  const { warmUpMs, roundMs: durationMs } = bench.scale;
  switch (system) {
    case 'earshot': {
      const storage = await startChild('silence', {});
      const linkBases = [`http://127.0.0.1:${storage.answer.port}`];
      try {
        return await bench.withEarshot('acknowledge', ({ port }) =>
          load({ port, recordsPerPush, warmUpMs, durationMs, linkBases }),
        );
      } finally {
        await storage.stop();
      }
    }
    case 'naive':
      return await withNaive(bench, (port) => load({ port, recordsPerPush, warmUpMs, durationMs }));
    case 'bare': {
      const server = await startChild('bare', {});
      try {
        return await load({ port: server.answer.port, recordsPerPush, warmUpMs, durationMs });
      } finally {
        await server.stop();
      }
    }
  }
}

/** Runs `work` against the naive baseline on a database of its own. */
export async function withNaive<T>(bench: Bench, work: (port: number) => Promise<T>): Promise<T> {
  const server = await bench.store.startNaive();
  try {
    return await work(server.answer.port);
  } finally {
    await server.stop();
  }
}
