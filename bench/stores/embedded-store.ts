import { join } from 'node:path';
import type { OpenDownloads } from '../data-set/data-set.js';
import type { ScratchFolder } from '../process/scratch-folder.js';
import { runInChild, startChild, type Child } from '../process/start-child.js';
import type { Port } from '../process/listen.js';
import type { Aims, FilledStore, Place, StoreUnderTest } from './store-under-test.js';

/** SQLite in the data folder; filled ones are kept beside the results, so that they are made once. */
export class EmbeddedStore implements StoreUnderTest {
  readonly name = 'sqlite';
  readonly plannings = [undefined];
  readonly description = undefined;
  readonly aims: Aims = {
    acknowledge: { 1: { naive: 7, bare: 0.6 }, 20: { naive: 4, bare: 0.7 } },
    ackP99Ms: 25,
    ackP999Ms: 100,
    sustained: 1.5,
    drainPerSecond: 60_000,
  };
  readonly #warmed = new Set<number>();

  constructor(
    private readonly scratch: ScratchFolder,
    private readonly resultsDir: string,
    private readonly say: (line: string) => void,
  ) {}

  create(): Promise<Place> {
    const folder = this.scratch.create('earshot');
    const remove = (): Promise<void> => {
      this.scratch.discard(folder);
      return Promise.resolve();
    };
    return Promise.resolve({ folder, settings: {}, remove });
  }

  async fill(calls: number, downloads: OpenDownloads): Promise<FilledStore> {
    const folder = join(this.resultsDir, `data-set-${calls}`);
    const warm = !this.#warmed.has(calls);
    const { buildSeconds, firstStartAt } = await runInChild('data-set', { folder, calls, downloads, warm });
    this.#warmed.add(calls);
    if (buildSeconds > 0) {
      this.say(`built a store of ${calls} calls in ${buildSeconds.toFixed(0)} s (${folder})`);
    }
    const place: Place = { folder, settings: {}, remove: () => Promise.resolve() };
    return { calls, firstStartAt, open: () => Promise.resolve(place) };
  }

  async startNaive(): Promise<Child<Port>> {
    const folder = this.scratch.create('naive');
    const server = await startChild('naive', { folder });
    return {
      ...server,
      stop: async () => {
        await server.stop();
        this.scratch.discard(folder);
      },
    };
  }

  cpuSeconds(): number {
    return 0;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  kill(): void {
    // It has no process of its own.
  }
}
