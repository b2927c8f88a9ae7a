import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { exportsFolder } from '../domain/export-job.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { StoreError } from '../store/store-error.js';
import type { Job, JobEnd, JobLease, JobWork } from '../store/jobs.js';
import { DraftOutput, toReason } from './output.js';
import {
  ExportProgress,
  spoolNames,
  writeExport,
  type SpoolName,
  type WriteExportDeps,
} from './write-export.js';
import { openSpool, type Spool } from './spool.js';

export interface ExporterDeps extends WriteExportDeps {
  readonly jobs: JobWork;
  readonly storage: Pick<AssetStorage, 'openDraft' | 'draftRoom' | 'read' | 'remove'>;
  readonly clock: Clock;
  readonly stopwatch: Clock;
  readonly log: Logger;
  readonly settings: ExporterSettings;
}

interface ExporterSettings {
  /** How long a job stays with a process that says nothing any more. */
  readonly leaseMs: number;
  /** How often progress is told, and heard whether it is still wanted. */
  readonly tickMs: number;
  /** How long files are kept. */
  readonly keepMs: number;
}

/** A cancelled export ends within a second. */
export const defaultExporterSettings = { tickMs: 700 };

const expiredAtOnce = 100;

/** Makes exports, one at a time. */
export class Exporter {
  readonly #deps: ExporterDeps;
  /** Files that could not be removed when their time was over. */
  #leftovers: string[] = [];

  constructor(deps: ExporterDeps) {
    this.#deps = deps;
  }

  /** Makes one export, if one waits; false where none does. Rejects where the store fails: the job begins anew later. */
  async step(signal: AbortSignal): Promise<boolean> {
    const { jobs, clock, settings } = this.#deps;
    const now = clock();
    const claimed = await jobs.claim(now, now + settings.leaseMs);
    if (!claimed) return false;
    await this.#run(claimed.job, claimed.lease, signal);
    return true;
  }

  /** Deletes files whose time is over; true where there may be more. */
  async expire(): Promise<boolean> {
    const expired = await this.#deps.jobs.expire(this.#deps.clock(), expiredAtOnce);
    const fileNames = expired.flatMap(({ fileName }) => (fileName === undefined ? [] : [fileName]));
    const dueNow = [...this.#leftovers, ...fileNames];
    this.#leftovers = [];
    for (const fileName of dueNow) await this.#remove(fileName);
    return expired.length === expiredAtOnce;
  }

  async #run(job: Job, lease: JobLease, stopping: AbortSignal): Promise<void> {
    const { jobs, clock, stopwatch, log } = this.#deps;
    const progress = new ExportProgress();
    const kept = keepLease({ ...this.#deps, lease, progress, ...this.#deps.settings });
    const signal = AbortSignal.any([stopping, kept.lost]);
    const about = { jobId: job.id, format: job.format };
    const begunAt = stopwatch();
    try {
      const end = await this.#make(job, lease, progress, signal);
      if (!(await jobs.end(lease, end, clock()))) {
        await this.#remove(end.fileName);
        return;
      }
      log.info({ ...about, ...end.progress, durationMs: stopwatch() - begunAt }, 'export done');
    } catch (error) {
      if (kept.lost.aborted) {
        log.info(about, 'export given up: it was cancelled, or is with another process');
      } else if (stopping.aborted || error instanceof StoreError) {
        await jobs.release(lease);
        if (!stopping.aborted) throw error;
      } else {
        log[toReason(error) === undefined ? 'error' : 'warn']({ ...about, err: error }, 'export failed');
        const reason = toReason(error) ?? 'Something went wrong inside; the log has the cause.';
        await jobs.end(lease, { state: 'failed', reason }, clock());
      }
    } finally {
      await kept.stop();
    }
  }

  /**
   * Writes the file and puts it into the storage. Its name holds the generation of the lease: a process that was given
   * up and wakes again writes to a place of its own.
   */
  async #make(
    job: Job,
    { generation }: JobLease,
    progress: ExportProgress,
    signal: AbortSignal,
  ): Promise<Extract<JobEnd, { state: 'done' }>> {
    const { storage, clock, settings } = this.#deps;
    const name = `${job.id}-${generation}`;
    await this.#removeEarlier(job, generation);
    const draft = await storage.openDraft(toDraftId(name));
    const spools: Spool[] = [];
    try {
      if (draft.kept.bytes > 0) await draft.restart();
      const output = new DraftOutput(draft, storage, signal);
      progress.countBytesBy(() => output.bytes);
      const openNext = async (part: SpoolName): Promise<Spool> => {
        const spool = await openSpool(storage, toDraftId(name, part));
        spools.push(spool);
        return spool;
      };
      await writeExport(job, this.#deps, { output, openSpool: openNext, progress, signal });
      signal.throwIfAborted();
      const fileName = `${name}.${job.format}`;
      const sha256 = await output.commit(toStoragePlace(fileName));
      const expiresAt = clock() + settings.keepMs;
      return { state: 'done', fileName, sha256, expiresAt, progress: progress.now };
    } finally {
      for (const spool of spools) await spool.drop();
      await draft.abandon();
    }
  }

  /** A process that died has left what it had written; it may have put all of it into the storage, and told nobody. */
  async #removeEarlier({ id, format }: Job, generation: number): Promise<void> {
    for (let earlier = 1; earlier < generation; earlier++) {
      const name = `${id}-${earlier}`;
      for (const draftId of draftIdsOf(name)) await this.#dropDraft(draftId);
      await this.#remove(`${name}.${format}`);
    }
  }

  async #dropDraft(draftId: string): Promise<void> {
    const { storage, log } = this.#deps;
    try {
      await (await storage.openDraft(draftId)).abandon();
    } catch (error) {
      log.warn({ err: error, draftId }, 'what is left of an export could not be removed; it is swept later');
    }
  }

  async #remove(fileName: string): Promise<void> {
    try {
      await this.#deps.storage.remove(toStoragePlace(fileName));
    } catch (error) {
      this.#leftovers.push(fileName);
      this.#deps.log.warn(
        { err: error, fileName },
        'the file of an export could not be removed; tried again',
      );
    }
  }
}

/** Of the file itself, or of what is gathered beside it. */
function toDraftId(name: string, part?: SpoolName): string {
  return part === undefined ? `export-${name}` : `export-${name}-${part}`;
}

function draftIdsOf(name: string): string[] {
  return [toDraftId(name), ...spoolNames.map((part) => toDraftId(name, part))];
}

function toStoragePlace(fileName: string): string {
  return `${exportsFolder}/${fileName}`;
}

interface KeptLease {
  /** Aborts when the job is no longer ours, or no longer wanted. */
  readonly lost: AbortSignal;
  stop(): Promise<void>;
}

interface LeaseKeeping {
  readonly jobs: Pick<JobWork, 'progress'>;
  readonly lease: JobLease;
  readonly progress: ExportProgress;
  readonly leaseMs: number;
  readonly tickMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tells how far an export is, again and again, and hears on the way whether it is still ours. */
function keepLease({ jobs, lease, progress, leaseMs, tickMs, clock, log }: LeaseKeeping): KeptLease {
  const lost = new AbortController();
  let until = clock() + leaseMs;
  let telling: Promise<void> | undefined;

  const tell = async (): Promise<void> => {
    const next = clock() + leaseMs;
    try {
      if (await jobs.progress(lease, progress.now, next)) until = next;
      else lost.abort();
    } catch (error) {
      log.warn({ err: error, jobId: lease.id }, 'the progress of an export could not be told');
      if (clock() >= until) lost.abort();
    }
  };
  const timer = setInterval(() => {
    telling ??= tell().finally(() => {
      telling = undefined;
    });
  }, tickMs);

  return {
    lost: lost.signal,
    stop: async () => {
      clearInterval(timer);
      await telling;
    },
  };
}
