import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bench } from './bench.js';
import { parseOptions, usage, type Options, type StoreName } from './options.js';
import type { ChildRole } from './process/child-roles.js';
import { runChild } from './process/run-child.js';
import { ScratchFolder } from './process/scratch-folder.js';
import { killAll } from './process/start-child.js';
import type { Figure } from './report/figure.js';
import { describeMachine, toSentence } from './report/machine.js';
import { toTable } from './report/table.js';
import { measureAcknowledging } from './rows/acknowledge.js';
import { measureAnalysing } from './rows/analyse.js';
import { measureArchive } from './rows/archive.js';
import { measureGenerator } from './rows/generator.js';
import { measureLatency } from './rows/latency.js';
import { measureMemory } from './rows/memory.js';
import { measurePublishing } from './rows/publish.js';
import { measureSearch } from './rows/search.js';
import { measureStart } from './rows/start.js';
import { measureConsole } from './rows/console.js';
import { measureDelivering } from './rows/deliver.js';
import { measureStored } from './rows/stored.js';
import { measureSustained } from './rows/sustained.js';
import { measureInboxModes } from './rows/inbox-modes.js';
import { measureProcesses } from './rows/processes.js';
import { EmbeddedStore } from './stores/embedded-store.js';
import type { StoreUnderTest } from './stores/store-under-test.js';

const say = (line: string): void => console.error(line);
const resultsDir = fileURLToPath(new URL('../../bench-results', import.meta.url));

type Measure = (bench: Bench) => Promise<Figure[]>;

/** In this order: what a later row builds on comes first, what only reads a data set before what writes to it. */
const rows: Readonly<Record<string, Measure>> = {
  generator: measureGenerator,
  acknowledge: measureAcknowledging,
  sustained: measureSustained,
  latency: measureLatency,
  search: measureSearch,
  console: measureConsole,
  start: measureStart,
  stored: measureStored,
  archive: measureArchive,
  publish: measurePublishing,
  analyse: measureAnalysing,
  deliver: measureDelivering,
};

/** What has a meaning only where processes share a store. */
const sharedRows: Readonly<Record<string, Measure>> = {
  processes: measureProcesses,
  'inbox-modes': measureInboxModes,
};

const rowsOf: Readonly<Record<StoreName, Readonly<Record<string, Measure>>>> = {
  sqlite: { ...rows, memory: measureMemory },
  postgres: { ...rows, ...sharedRows, memory: measureMemory },
};

/** Exit code 0: everything ran, whatever was reached; 1: something did not; 2: wrong arguments. */
async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args, {
      sqlite: Object.keys(rowsOf.sqlite),
      postgres: Object.keys(rowsOf.postgres),
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  const scratch = new ScratchFolder(resultsDir);
  let store: StoreUnderTest | undefined;
  const leave = (): void => {
    killAll();
    store?.kill();
    scratch.removeAll();
  };
  const interrupt = (): never => {
    leave();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    store = await openStore(options.store, scratch);
    const exitCode = await run(options, store, scratch);
    await store.close();
    return exitCode;
  } finally {
    leave();
  }
}

async function openStore(name: StoreName, scratch: ScratchFolder): Promise<StoreUnderTest> {
  if (name === 'sqlite') return new EmbeddedStore(scratch, resultsDir, say);
  // Loaded for this alone: whoever measures the embedded store needs no PostgreSQL on the machine.
  const { PostgresStore } = await import('./stores/postgres-store.js');
  return await PostgresStore.open(scratch, say);
}

async function run(
  { scale, only, out }: Options,
  store: StoreUnderTest,
  scratch: ScratchFolder,
): Promise<number> {
  const startedAt = new Date();
  const bench = new Bench(scale, scratch, store, say);
  const machine = describeMachine(scratch.path);
  say(toSentence(machine));
  if (store.description !== undefined) say(store.description);
  const figures: Figure[] = [];
  const failures: string[] = [];
  for (const [name, measure] of Object.entries(rowsOf[store.name])) {
    if (only && !only.includes(name)) continue;
    say(`${name} …`);
    const rowStartedAt = performance.now();
    try {
      figures.push(...(await measure(bench)));
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
      say((error as Error).stack ?? String(error));
    }
    say(`  took ${((performance.now() - rowStartedAt) / 1000).toFixed(1)} s`);
  }
  const minutes = (Date.now() - startedAt.getTime()) / 60_000;
  console.log(
    `\n${toTable(figures)}\n\n${toSentence(machine)}; ${store.name}, ${scale.name} form, ${minutes.toFixed(1)} minutes.`,
  );
  for (const failure of failures) console.log(`DID NOT RUN: ${failure}`);
  const file =
    out ??
    join(resultsDir, `${startedAt.toISOString().replaceAll(':', '-')}-${store.name}-${scale.name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ startedAt, store: store.name, scale, machine, figures, failures }, undefined, 2) + '\n',
  );
  console.log(`Written to ${file}`);
  return failures.length === 0 ? 0 : 1;
}

if (process.argv[2] === 'child') runChild(process.argv[3] as ChildRole);
else process.exitCode = await main(process.argv.slice(2));
