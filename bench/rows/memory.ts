import type { Bench } from '../bench.js';
import { atMost, count, median, times, type Figure } from '../report/figure.js';

/** A server must have been watched for so many samples (of 200 ms) before its trend says anything. */
const samplesForTrend = 50;

/** What the rows before have seen of the server's memory; last, because it measures nothing of its own. */
export function measureMemory({ memories }: Bench): Promise<Figure[]> {
  if (memories.every(({ samples }) => samples.highestMb === 0)) return Promise.resolve([]);
  const byRow = new Map<string, number>();
  for (const { row, samples } of memories) {
    if (samples.highestMb > 0) byRow.set(row, Math.max(byRow.get(row) ?? 0, samples.highestMb));
  }
  const highestMb = Math.max(...byRow.values());
  const longest = memories.reduce((a, b) => (b.samples.rssMb.length > a.samples.rssMb.length ? b : a));
  const trend = trendOf(longest.samples.rssMb);
  return Promise.resolve([
    {
      name: 'memory of the server (highest RSS)',
      measured: `${count(highestMb)} MB`,
      beside: [...byRow].map(([row, mb]) => `${row} ${count(mb)}`).join(', '),
      aims: [atMost(300, 'MB', highestMb)],
      numbers: { highestMb, ...Object.fromEntries(byRow) },
    },
    {
      name: 'memory over time',
      measured: trend === undefined ? 'run too short' : `${times(trend)} ×`,
      beside: `last third beside the middle third of ${longest.row} (${count(longest.samples.rssMb.length / 5)} s)`,
      aims: trend === undefined ? [] : [{ text: '≤ 1.1 ×', isReached: trend <= 1.1 }],
      numbers: { trend: trend ?? 0 },
    },
  ]);
}

/** The first third fills caches; after it, memory should stay. */
function trendOf(rssMb: readonly number[]): number | undefined {
  if (rssMb.length < samplesForTrend) return undefined;
  const third = Math.floor(rssMb.length / 3);
  return median(rssMb.slice(2 * third)) / median(rssMb.slice(third, 2 * third));
}
