import type { Bench } from '../bench.js';
import { startChild } from '../process/start-child.js';
import { count, median, ms, times, type Figure } from '../report/figure.js';
import type { LoadResult } from '../load/load-result.js';
import { load, otherAnswers } from './load.js';

const modes = ['both', 'store', 'local'] as const;
type Mode = (typeof modes)[number];

/** Acknowledging by where pushes go first (EARSHOT_INBOX): single records, 64 connections in a closed loop. */
export async function measureInboxModes(bench: Bench): Promise<Figure[]> {
  const results: Record<Mode, LoadResult[]> = { both: [], store: [], local: [] };
  const storage = await startChild('silence', {});
  const linkBases = [`http://127.0.0.1:${storage.answer.port}`];
  const { rounds, warmUpMs, roundMs: durationMs } = bench.scale;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const mode of modes) {
        const settings = { EARSHOT_INBOX: mode };
        const result = await bench.withEarshot(
          'inbox-modes',
          ({ port }) => load({ port, warmUpMs, durationMs, linkBases }),
          { settings },
        );
        bench.say(`  ${mode}: ${count(result.acknowledgedPerSecond)} pushes/s`);
        results[mode].push(result);
      }
    }
  } finally {
    await storage.stop();
  }
  const rateOf = (mode: Mode): number =>
    median(results[mode].map(({ acknowledgedPerSecond }) => acknowledgedPerSecond));
  return modes.map((mode) => {
    const p99Ms = median(results[mode].map(({ latencyMs }) => latencyMs.p99));
    return {
      name: `acknowledged pushes/s, EARSHOT_INBOX=${mode}`,
      measured: `${count(rateOf(mode))}/s`,
      beside: `${times(rateOf(mode) / rateOf('both'))} × both; p99 ${ms(p99Ms)} at the highest rate`,
      aims: [],
      numbers: { pushesPerSecond: rateOf(mode), p99Ms },
      notes: otherAnswers(results[mode]),
    };
  });
}
