import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OpenDownloads } from './data-set/data-set.js';
import type { Scale } from './options.js';
import { startEarshot, type Earshot } from './process/earshot-server.js';
import type { MemorySamples } from './process/memory-samples.js';
import type { ScratchFolder } from './process/scratch-folder.js';
import type { FilledStore, Planning, StoreUnderTest } from './stores/store-under-test.js';

export interface ServerOptions {
  /** What it works on; a new and empty store unless given. */
  readonly filled?: FilledStore | undefined;
  readonly planning?: Planning | undefined;
  readonly settings?: Readonly<Record<string, string>>;
}

/** What the rows of a run share: how much to do, where to write, and what one learns for another. */
export class Bench {
  /** Of every server that was measured, in order. */
  readonly memories: { readonly row: string; readonly samples: MemorySamples }[] = [];
  /** Pushes of one record a second, closed loop: the latency rows take half of it. */
  pushesPerSecond: number | undefined;

  constructor(
    readonly scale: Scale,
    readonly scratch: ScratchFolder,
    readonly store: StoreUnderTest,
    readonly say: (line: string) => void,
  ) {}

  /** Runs `work` against a server of its own; its memory is remembered, what it worked on is removed. */
  async withEarshot<T>(
    row: string,
    work: (server: Earshot) => Promise<T>,
    options: ServerOptions = {},
  ): Promise<T> {
    return await this.withProcesses(row, 1, ([server]) => work(server as Earshot), options);
  }

  /** The same with several processes on one store, each with a data folder of its own. */
  async withProcesses<T>(
    row: string,
    processes: number,
    work: (servers: readonly Earshot[]) => Promise<T>,
    { filled, planning, settings = {} }: ServerOptions = {},
  ): Promise<T> {
    const place = filled ? await filled.open(planning) : await this.store.create();
    // Gigabytes that are on their way to the disk would be measured, too.
    if (filled) await promisify(execFile)('sync');
    const servers: Earshot[] = [];
    const folders: string[] = [];
    try {
      for (let index = 0; index < processes; index++) {
        const folder = index === 0 ? place.folder : this.scratch.create('earshot');
        folders.push(folder);
        const server = await startEarshot({ folder, settings: { ...place.settings, ...settings } });
        servers.push(server);
        this.memories.push({ row, samples: server.memory });
      }
      return await work(servers);
    } finally {
      for (const server of servers) await server.stop();
      for (const folder of folders.slice(1)) this.scratch.discard(folder);
      await place.remove();
    }
  }

  /** A store of that size, as new. */
  async dataSet(calls: number, downloads: OpenDownloads = { kind: 'waiting' }): Promise<FilledStore> {
    return await this.store.fill(calls, downloads);
  }
}
