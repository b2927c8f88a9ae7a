import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { secondsOf } from '../archive/file-server.js';
import type { Latency, LoadResult } from '../load/load-result.js';
import type { Earshot } from '../process/earshot-server.js';
import { startChild } from '../process/start-child.js';
import { atMost, count, ifAimed, ms, percentile, type Figure } from '../report/figure.js';
import { load, otherAnswers } from './load.js';

/** Of the recordings that are downloaded meanwhile: half a minute of A-law. */
const fileBytes = 250_000;
/** A person who looks for calls without pause. */
const searchEveryMs = 20;

interface Busy {
  readonly load: LoadResult;
  readonly archived: number;
  readonly searchMs: readonly number[];
}

/**
 * How long an acknowledgement takes at half of the highest rate, while everything else is at work: the
 * sorter, the projector, the archiver with a storage that serves as fast as it can, and a search every 20 ms.
 */
export async function measureLatency(bench: Bench): Promise<Figure[]> {
  const rate = await halfOfHighestRate(bench);
  const busy = await bench.withEarshot('latency', (server) => measureBusy(bench, server, rate, 3));
  return [toFigure(bench, 'acknowledgement under load', rate, busy)];
}

/** Half of what the row before has measured; where it did not run, of a short closed loop. */
export async function halfOfHighestRate(bench: Bench): Promise<number> {
  if (bench.pushesPerSecond === undefined) {
    const { warmUpMs, roundMs: durationMs } = bench.scale;
    const { acknowledgedPerSecond } = await bench.withEarshot('latency', ({ port }) =>
      load({ port, warmUpMs, durationMs }),
    );
    bench.pushesPerSecond = acknowledgedPerSecond;
  }
  return Math.round(bench.pushesPerSecond / 2);
}

export async function measureBusy(bench: Bench, server: Earshot, rate: number, shard: number): Promise<Busy> {
  const storage = await startChild('files', { fileBytes });
  const { recordings: before } = await server.api.status();
  const searching = new AbortController();
  const searches = search(server, searching.signal);
  try {
    const result = await load({
      port: server.port,
      ratePerSecond: rate,
      // Answers that take long must not hold back what is due: connections as a sender's pool would have them.
      connections: 256,
      shard,
      linkBases: storage.answer.ports.map((port) => `http://127.0.0.1:${port}`),
      callSeconds: secondsOf(fileBytes),
      warmUpMs: bench.scale.warmUpMs,
      durationMs: bench.scale.latencyMs,
    });
    const { recordings } = await server.api.status();
    searching.abort();
    return { load: result, archived: recordings.archived - before.archived, searchMs: await searches };
  } finally {
    searching.abort();
    await searches;
    await storage.stop();
  }
}

async function search({ api }: Earshot, signal: AbortSignal): Promise<number[]> {
  const durations: number[] = [];
  while (!signal.aborted) {
    const { durationMs } = await api.get('/api/v1/calls?taskId=118100000000009001&limit=50');
    durations.push(durationMs);
    await wait(searchEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return durations;
}

export function toFigure(
  { store }: Bench,
  name: string,
  rate: number,
  { load: result, archived, searchMs }: Busy,
): Figure {
  const { latencyMs } = result;
  return {
    name,
    measured: toWords(latencyMs),
    beside: `${count(rate)} pushes/s; meanwhile ${count(archived)} recordings archived, search p95 ${ms(percentile(searchMs, 95))}`,
    aims: [
      atMost(store.aims.ackP99Ms, 'ms', latencyMs.p99, 'p99'),
      ...ifAimed(store.aims.ackP999Ms, (limit) => atMost(limit, 'ms', latencyMs.p999, 'p99.9')),
      atMost(650, 'ms', latencyMs.max, 'max'),
    ],
    numbers: { rate, ...latencyMs, archived, searchP95Ms: percentile(searchMs, 95) },
    notes: otherAnswers([result]),
  };
}

function toWords({ p50, p99, p999, max }: Latency): string {
  return `p50 ${ms(p50)}, p99 ${ms(p99)}, p99.9 ${ms(p999)}, max ${ms(max)}`;
}
