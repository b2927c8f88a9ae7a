import type { Bench } from '../bench.js';
import { count, type Figure } from '../report/figure.js';
import { startChild } from '../process/start-child.js';
import { load, otherAnswers } from './load.js';

/** What the load generator can do: it must cost clearly less than any server that it measures. */
export async function measureGenerator({ scale }: Bench): Promise<Figure[]> {
  const server = await startChild('trivial', {});
  try {
    const { port } = server.answer;
    const figures: Figure[] = [];
    for (const recordsPerPush of [1, 20]) {
      const result = await load({
        port,
        recordsPerPush,
        warmUpMs: scale.warmUpMs,
        durationMs: scale.roundMs / 2,
      });
      const perCore = 1_000_000 / result.generatorMicroseconds;
      figures.push({
        name: `the load generator itself, ${recordsPerPush} a push`,
        measured: `${count(perCore)} pushes/s on one core`,
        beside: `${result.generatorMicroseconds.toFixed(1)} µs each; ${count(result.acknowledgedPerSecond)}/s from a server that only counts bytes`,
        aims: recordsPerPush === 1 ? [{ text: '≥ 60,000/s', isReached: perCore >= 60_000 }] : [],
        numbers: { perCore, acknowledgedPerSecond: result.acknowledgedPerSecond },
        notes: otherAnswers([result]),
      });
    }
    return figures;
  } finally {
    await server.stop();
  }
}
