import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startPostgres, type PostgresServer } from '../../test/support/postgres-server.js';
import type { OpenDownloads } from '../data-set/data-set.js';
import { fillDatabase, makeDue } from '../data-set/fill-database.js';
import { cpuSecondsOfFamily } from '../process/cpu-time.js';
import type { Port } from '../process/listen.js';
import type { ScratchFolder } from '../process/scratch-folder.js';
import { startChild, type Child } from '../process/start-child.js';
import { findServerFolder } from './server-folder.js';
import type { Aims, FilledStore, Place, Planning, StoreUnderTest } from './store-under-test.js';

/** As somebody would set a server of a few GB; whatever has to do with durability is as it comes. */
const settings = 'shared_buffers = 1GB\nmax_wal_size = 8GB\ncheckpoint_timeout = 15min';

/** A durable PostgreSQL of the run's own, on the disk that SQLite would use; every server gets a database of its own. */
export class PostgresStore implements StoreUnderTest {
  readonly name = 'postgres';
  readonly plannings = ['generic', 'custom'] as const;
  readonly aims: Aims = { acknowledge: { 1: {}, 20: { naive: 10 } }, ackP99Ms: 40 };
  readonly description: string;
  readonly #pid: number;
  readonly #admin: pg.Pool;
  readonly #filled = new Map<number, number>();
  #databases = 0;
  #isClosed = false;

  private constructor(
    private readonly server: PostgresServer,
    private readonly scratch: ScratchFolder,
    private readonly say: (line: string) => void,
  ) {
    const version = readFileSync(join(server.folder, 'PG_VERSION'), 'utf8').trim();
    this.description = `PostgreSQL ${version}, ${settings.replaceAll('\n', ', ')}, files in ${server.folder}`;
    this.#pid = Number(readFileSync(join(server.folder, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    this.#admin = new pg.Pool({ connectionString: server.url(), max: 1 });
    this.#admin.on('error', () => undefined);
  }

  static async open(scratch: ScratchFolder, say: (line: string) => void): Promise<PostgresStore> {
    const parentFolder = findServerFolder(scratch.path);
    return new PostgresStore(await startPostgres({ isDurable: true, parentFolder, settings }), scratch, say);
  }

  async create(): Promise<Place> {
    return this.#toPlace(await this.#createDatabase('template1'));
  }

  async fill(calls: number, downloads: OpenDownloads): Promise<FilledStore> {
    const template = `filled_${calls}`;
    const firstStartAt = this.#filled.get(calls) ?? (await this.#fillAnew(template, calls));
    return {
      calls,
      firstStartAt,
      open: async (planning) => {
        const name = await this.#createDatabase(template, planning);
        if (downloads.kind === 'due') await makeDue(this.server.url(name), calls, downloads.ports);
        return this.#toPlace(name);
      },
    };
  }

  async startNaive(): Promise<Child<Port>> {
    const name = await this.#createDatabase('template1');
    const naive = await startChild('naive-postgres', { url: this.server.url(name) });
    return {
      ...naive,
      stop: async () => {
        await naive.stop();
        await this.#drop(name);
      },
    };
  }

  cpuSeconds(): number {
    return cpuSecondsOfFamily(this.#pid);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#admin.end();
    await this.server.close();
  }

  kill(): void {
    if (this.#isClosed) return;
    try {
      process.kill(this.#pid, 'SIGQUIT');
    } catch {
      // It has ended.
    }
    // Its files may lie outside the run's folder. What it still writes for a moment goes nowhere.
    rmSync(dirname(this.server.folder), { recursive: true, force: true, maxRetries: 5 });
  }

  async #fillAnew(template: string, calls: number): Promise<number> {
    const startedAt = performance.now();
    await this.#admin.query(`CREATE DATABASE ${template}`);
    const firstStartAt = await fillDatabase(this.server.url(template), calls);
    this.#filled.set(calls, firstStartAt);
    const seconds = (performance.now() - startedAt) / 1000;
    const { rows } = await this.#admin.query<{ mb: string }>('SELECT pg_database_size($1) / 1000000 AS mb', [
      template,
    ]);
    this.say(`built a store of ${calls} calls in ${seconds.toFixed(0)} s: ${rows[0]?.mb} MB`);
    return firstStartAt;
  }

  /** Copied as files: the other way writes every page to the log, too. */
  async #createDatabase(template: string, planning?: Planning): Promise<string> {
    const name = `run_${++this.#databases}`;
    await this.#admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
    if (planning) {
      await this.#admin.query(`ALTER DATABASE ${name} SET plan_cache_mode = force_${planning}_plan`);
    }
    return name;
  }

  #toPlace(name: string): Place {
    const folder = this.scratch.create('earshot');
    return {
      folder,
      settings: { EARSHOT_DATABASE_URL: this.server.url(name) },
      remove: async () => {
        await this.#drop(name);
        this.scratch.discard(folder);
      },
    };
  }

  async #drop(name: string): Promise<void> {
    await this.#admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}
