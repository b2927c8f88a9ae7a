import { join } from 'node:path';
import type { Scale } from './options.js';
import type { DataSet, OpenDownloads } from './data-set/data-set.js';
import { runInChild } from './process/start-child.js';
import { startEarshot, type Earshot } from './process/earshot-server.js';
import type { MemorySamples } from './process/memory-samples.js';
import type { ScratchFolder } from './process/scratch-folder.js';

/** What the rows of a run share: how much to do, where to write, and what one learns for another. */
export class Bench {
  /** Of every server that was measured, in order. */
  readonly memories: { readonly row: string; readonly samples: MemorySamples }[] = [];
  /** Pushes of one record a second, closed loop: the latency rows take half of it. */
  pushesPerSecond: number | undefined;
  readonly #warmed = new Set<number>();

  constructor(
    readonly scale: Scale,
    readonly scratch: ScratchFolder,
    private readonly resultsDir: string,
    readonly say: (line: string) => void,
  ) {}

  /** Runs `work` against a server of its own; its memory is remembered, its folder removed unless it was given. */
  async withEarshot<T>(row: string, work: (server: Earshot) => Promise<T>, dataFolder?: string): Promise<T> {
    const folder = dataFolder ?? this.scratch.create('earshot');
    const server = await startEarshot({ folder });
    this.memories.push({ row, samples: server.memory });
    try {
      return await work(server);
    } finally {
      await server.stop();
      if (dataFolder === undefined) this.scratch.discard(folder);
    }
  }

  /** The cached data set of that size, as new. */
  async dataSet(calls: number, downloads: OpenDownloads = { kind: 'waiting' }): Promise<DataSet> {
    const folder = join(this.resultsDir, `data-set-${calls}`);
    const dataSet = await runInChild('data-set', {
      folder,
      calls,
      downloads,
      warm: !this.#warmed.has(calls),
    });
    this.#warmed.add(calls);
    if (dataSet.buildSeconds > 0) {
      this.say(`built a store of ${calls} calls in ${dataSet.buildSeconds.toFixed(0)} s (${folder})`);
    }
    return dataSet;
  }
}
