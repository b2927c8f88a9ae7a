import type { Bench } from '../bench.js';
import type { LoadResult } from '../load/load-result.js';
import { machineSeconds } from '../process/cpu-time.js';
import type { Earshot } from '../process/earshot-server.js';
import { startChild } from '../process/start-child.js';
import { atLeast, count, median, times, type Figure } from '../report/figure.js';
import { load, otherAnswers } from './load.js';

/** The load is always two generators, so that the second process is all that differs. */
const generators = 2;
const connectionsEach = 32;

interface Taken {
  readonly results: readonly LoadResult[];
  readonly pushesPerSecond: number;
  /** Processors in use, on average. */
  readonly cores: Cores;
}

interface Cores {
  readonly earshot: number;
  readonly store: number;
  readonly generators: number;
  /** Of all that the machine has, whoever used them. */
  readonly busy: number;
  readonly all: number;
}

/** Two processes on one PostgreSQL beside one, under the same load, and who had the processors meanwhile. */
export async function measureProcesses(bench: Bench): Promise<Figure[]> {
  return [await measure(bench, 1), await measure(bench, 20)];
}

async function measure(bench: Bench, recordsPerPush: 1 | 20): Promise<Figure> {
  const taken: Record<1 | 2, Taken[]> = { 1: [], 2: [] };
  for (let round = 0; round < bench.scale.rounds; round++) {
    for (const processes of [1, 2] as const) {
      const once = await runOnce(bench, processes, recordsPerPush);
      taken[processes].push(once);
      bench.say(
        `  ${processes} of them, ${recordsPerPush} a push: ${count(once.pushesPerSecond)} pushes/s; ${toWords(once.cores)}`,
      );
    }
  }
  const rateOf = (processes: 1 | 2): number =>
    median(taken[processes].map(({ pushesPerSecond }) => pushesPerSecond));
  const [one, two] = [rateOf(1), rateOf(2)];
  const [ofOne, ofTwo] = [coresOf(taken[1]), coresOf(taken[2])];
  return {
    name:
      recordsPerPush === 1
        ? 'two processes, pushes/s, 1 record'
        : `two processes, records/s, ${recordsPerPush} a push`,
    measured: `${count(two * recordsPerPush)}/s`,
    beside: `${times(two / one)} × one (${count(one * recordsPerPush)})`,
    aims: [atLeast(1.5, 'one', two / one)],
    numbers: { one, two, ...named('one', ofOne), ...named('two', ofTwo) },
    notes: [
      `cores in use with one: ${toWords(ofOne)}; with two: ${toWords(ofTwo)}`,
      ...otherAnswers([...taken[1], ...taken[2]].flatMap(({ results }) => results)),
    ],
  };
}

async function runOnce(bench: Bench, processes: number, recordsPerPush: number): Promise<Taken> {
  const storage = await startChild('silence', {});
  const recordings = bench.scratch.create('recordings');
  try {
    return await bench.withProcesses(
      'processes',
      processes,
      (servers) => loadAll(bench, servers, recordsPerPush, `http://127.0.0.1:${storage.answer.port}`),
      { settings: { EARSHOT_STORAGE_URL: `file://${recordings}` } },
    );
  } finally {
    await storage.stop();
    bench.scratch.discard(recordings);
  }
}

async function loadAll(
  bench: Bench,
  servers: readonly Earshot[],
  recordsPerPush: number,
  linkBase: string,
): Promise<Taken> {
  const { warmUpMs, roundMs: durationMs } = bench.scale;
  const read = () => ({
    at: performance.now(),
    earshot: servers.reduce((sum, server) => sum + server.cpuSeconds(), 0),
    store: bench.store.cpuSeconds(),
    machine: machineSeconds(),
  });
  const before = read();
  const results = await Promise.all(
    Array.from({ length: generators }, (_, index) =>
      load({
        port: servers[index % servers.length]?.port ?? 0,
        connections: connectionsEach,
        recordsPerPush,
        shard: 10 + index,
        linkBases: [linkBase],
        warmUpMs,
        durationMs,
      }),
    ),
  );
  const after = read();
  const seconds = (after.at - before.at) / 1000;
  const pushesOf = ({ messages }: LoadResult): number => messages / recordsPerPush;
  const generated = results.reduce((sum, each) => sum + each.generatorMicroseconds * pushesOf(each), 0) / 1e6;
  return {
    results,
    pushesPerSecond: results.reduce((sum, { acknowledgedPerSecond }) => sum + acknowledgedPerSecond, 0),
    cores: {
      earshot: (after.earshot - before.earshot) / seconds,
      store: (after.store - before.store) / seconds,
      generators: generated / seconds,
      busy: (after.machine.busy - before.machine.busy) / seconds,
      all: (after.machine.all - before.machine.all) / seconds,
    },
  };
}

function coresOf(taken: readonly Taken[]): Cores {
  const of = (name: keyof Cores): number => median(taken.map(({ cores }) => cores[name]));
  return {
    earshot: of('earshot'),
    store: of('store'),
    generators: of('generators'),
    busy: of('busy'),
    all: of('all'),
  };
}

function toWords({ earshot, store, generators: load, busy, all }: Cores): string {
  return (
    `Earshot ${earshot.toFixed(2)}, PostgreSQL ${store.toFixed(2)}, generators ${load.toFixed(2)}; ` +
    `${busy.toFixed(2)} of ${all.toFixed(1)} busy`
  );
}

function named(prefix: string, cores: Cores): Record<string, number> {
  return Object.fromEntries(
    Object.entries(cores).map(([name, value]) => [`${prefix}.${name}`, value as number]),
  );
}
