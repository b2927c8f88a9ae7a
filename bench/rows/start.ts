import type { Bench } from '../bench.js';
import { openDownloadsOf } from '../data-set/data-set.js';
import { startChild } from '../process/start-child.js';
import { atMost, count, median, ms, type Figure } from '../report/figure.js';

/** From the start of the process to the first acknowledged push: with an empty folder, and with a full one. */
export async function measureStart(bench: Bench): Promise<Figure[]> {
  const { storedCalls, starts } = bench.scale;
  // The open downloads are due when the server starts, at a storage that keeps it busy.
  const storage = await startChild('silence', {});
  const empty: number[] = [];
  const full: number[] = [];
  try {
    for (let round = 0; round < starts; round++) {
      empty.push(await bench.withEarshot('start', ({ startMs }) => Promise.resolve(startMs)));
      const filled = await bench.dataSet(storedCalls, { kind: 'due', ports: [storage.answer.port] });
      full.push(await bench.withEarshot('start', ({ startMs }) => Promise.resolve(startMs), { filled }));
    }
  } finally {
    await storage.stop();
  }
  const toFigure = (name: string, values: readonly number[]): Figure => ({
    name: `start to first acknowledged push, ${name}`,
    measured: ms(median(values)),
    beside: `${values.length} starts, slowest ${ms(Math.max(...values))}`,
    aims: [atMost(1_000, 'ms', median(values))],
    numbers: { medianMs: median(values), maxMs: Math.max(...values) },
  });
  return [
    toFigure('empty', empty),
    toFigure(`${count(storedCalls)} calls, ${count(openDownloadsOf(storedCalls))} open downloads`, full),
  ];
}
