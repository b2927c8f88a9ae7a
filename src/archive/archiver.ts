import type { Logger } from 'pino';
import type { Random } from '../domain/clock.js';
import type { DownloadAttempt, DownloadReason, DownloadVerdict } from '../domain/recording.js';
import type { ClaimedDownload, Downloads } from '../store/recordings.js';
import type { Drafts } from '../storage/asset-storage.js';
import { attemptDownload, type DownloadDeps, type FinishedAttempt } from './download.js';
import { reviewHeld, type HeldDeps } from './held-recordings.js';
import { HostShares } from './host-shares.js';
import { LeaseRenewer, type Run } from './lease-renewer.js';
import { SpaceWatch } from './space-watch.js';
import { toVerdict } from './verdict.js';

/**
 * Turns recordings that are due into assets.
 *
 *   due ──claim──▶ running ──attempt──▶ settled: archived | retry, put off (due later) | lost | blocked
 *                    │  │
 *                    │  └─ stop ──▶ released: due again at once, the attempt does not count
 *                    └─ lease lost ──▶ dropped: another holds it now, and settles it
 *
 * What is due, and in which order (earliest deadline first), is the store's to say; the archiver fills its slots. A
 * claim is a lease: it is renewed while the download runs, so that a killed process's downloads are free again one
 * lease later, and no sooner. A slot that frees is filled at once; with nothing due, the store is asked again every
 * `pollMs`. Settling is the only way to end a claim. It is tried until it succeeds or the lease is gone: then the
 * recording is due again by itself, and doing it twice is harmless, since a commit replaces the same file.
 *
 * Storages that do not answer hold a share of the slots and leave the rest to others (host-shares.ts).
 *
 * While there is no space, less is claimed, or nothing (space-watch.ts): a link lives for days, and what is tried in
 * vain is written down, too.
 *
 * A recording of which all bytes are here and only the storage is away is tried on, past its deadline if need be; what
 * becomes of it when another process claims it meanwhile is in held-recordings.ts.
 *
 * Blocked recordings are made due once at the start, before the first claim, because settings may have changed, and
 * whenever the limits of a source have;
 * those that still are not allowed block again without a request.
 */
export interface Archiver {
  start(): void;
  /** Ends running downloads (their bytes stay as drafts), releases them and resolves when nothing runs any more. */
  stop(): Promise<void>;
  running(): number;
  /** What is allowed has changed: what is blocked is looked at again. */
  unblock(): Promise<void>;
}

export interface ArchiverDeps extends DownloadDeps, HeldDeps {
  readonly storage: Drafts;
  readonly downloads: Downloads;
  readonly random: Random;
  readonly log: Logger;
  /** `lostFor`: where the recording is lost now. */
  readonly onAttempt?: (
    attempt: DownloadAttempt,
    verdict: DownloadVerdict['kind'],
    lostFor?: DownloadReason,
  ) => void;
}

const unblockBatch = 500;
const sweepEveryMs = 3_600_000;
/** What another process archived, or found lost, is not held for longer. */
const reviewEveryMs = 60_000;
const settleRetryMs = 500;
/** A store that did not answer is left in peace, and the log with it. */
const failureMs = 1_000;

export function createArchiver(deps: ArchiverDeps): Archiver {
  return new SlotFiller(deps);
}

class SlotFiller implements Archiver {
  readonly #deps: ArchiverDeps;
  readonly #leases: LeaseRenewer;
  readonly #space: SpaceWatch;
  readonly #hosts: HostShares;
  #state: 'idle' | 'running' | 'stopped' = 'idle';
  /** The start, or the claim under way; `stop` waits for it. */
  #busy: Promise<void> = Promise.resolve();
  #isFilling = false;
  #slotFreed = false;
  #couldNotClaim = false;
  #sweeping: Promise<void> = Promise.resolve();
  #clockOffset: number | undefined;
  #pollTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #reviewTimer: NodeJS.Timeout | undefined;
  /** Wakes those who wait to settle again. */
  readonly #stopping = new AbortController();

  constructor(deps: ArchiverDeps) {
    this.#deps = deps;
    this.#leases = new LeaseRenewer(deps.downloads, deps.clock, deps.log, deps.settings);
    this.#hosts = new HostShares(deps.settings);
    this.#space = new SpaceWatch(deps.storage, deps.stopwatch, deps.log);
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    this.#leases.start();
    this.#clockIsSteady();
    const next = (work: () => Promise<void>): void => {
      this.#sweeping = this.#sweeping.then(work);
    };
    this.#sweepTimer = setInterval(next, sweepEveryMs, () => this.#sweep());
    this.#reviewTimer = setInterval(next, reviewEveryMs, () => this.#review());
    this.#busy = this.#unblockAll().then(() => {
      // A storage that is away holds up nobody's first download.
      next(() => this.#review());
      next(() => this.#sweep());
      this.#fill();
    });
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#pollTimer);
    clearInterval(this.#sweepTimer);
    clearInterval(this.#reviewTimer);
    this.#stopping.abort();
    this.#leases.endAll();
    await this.#busy;
    await this.#sweeping;
    await Promise.all(this.#leases.runs().map((run) => run.done));
    this.#leases.stop();
  }

  running(): number {
    return this.#leases.runs().length;
  }

  async unblock(): Promise<void> {
    await this.#unblockAll();
    this.#fill();
  }

  async #unblockAll(): Promise<void> {
    const { downloads, clock, log } = this.#deps;
    try {
      while (this.#state === 'running' && (await downloads.unblock(clock(), unblockBatch)) > 0);
    } catch (error) {
      log.warn({ err: error }, 'blocked recordings could not be made due again');
    }
  }

  async #review(): Promise<void> {
    const { log } = this.#deps;
    if (this.#state !== 'running') return;
    try {
      const made = await reviewHeld(this.#deps);
      if (made === 0) return;
      log.info({ made }, 'recordings whose links died, and whose bytes are here, are due again');
      this.#fill();
    } catch (error) {
      log.warn({ err: error }, 'recordings that are here whole could not be looked at');
    }
  }

  async #sweep(): Promise<void> {
    const { storage, settings, clock, log } = this.#deps;
    if (this.#state !== 'running' || !this.#clockIsSteady()) return;
    try {
      const removed = await storage.sweepDrafts(clock() - settings.draftMaxAgeMs);
      if (removed > 0) log.info({ removed }, 'old drafts removed');
    } catch (error) {
      log.warn({ err: error }, 'old drafts could not be removed');
    }
  }

  /** Whether this machine's clock has gone by what went by: by one that was set meanwhile nothing is old. */
  #clockIsSteady(): boolean {
    const offset = this.#deps.clock() - this.#deps.stopwatch();
    const driftMs = Math.abs(offset - (this.#clockOffset ?? offset));
    this.#clockOffset = offset;
    return driftMs < sweepEveryMs;
  }

  /** Claims for the slots that are free. One claim at a time: slots that free meanwhile share the next. */
  #fill(): void {
    this.#slotFreed = true;
    if (this.#isFilling || this.#state !== 'running') return;
    this.#isFilling = true;
    this.#busy = this.#fillSlots().finally(() => {
      this.#isFilling = false;
      if (this.#state !== 'running') return;
      clearTimeout(this.#pollTimer);
      const { pollMs } = this.#deps.settings;
      const delayMs = this.#couldNotClaim ? Math.max(pollMs, failureMs) : pollMs;
      this.#pollTimer = setTimeout(() => {
        this.#fill();
      }, delayMs);
    });
  }

  async #fillSlots(): Promise<void> {
    const { settings, downloads, clock, log } = this.#deps;
    try {
      while (this.#slotFreed && this.#state === 'running') {
        this.#slotFreed = false;
        if (this.running() >= settings.concurrency) return;
        const { slots, only } = await this.#space.allowed(settings.concurrency);
        const limit = slots - this.running();
        if (limit <= 0) return;
        const shares = this.#hosts.forClaim(this.#leases.byHost());
        const { leaseMs } = settings;
        const request = { now: clock(), leaseMs, limit, ...shares, ...(only ? { only } : {}) };
        for (const claimed of await downloads.claim(request)) this.#launch(claimed);
        this.#couldNotClaim = false;
      }
    } catch (error) {
      this.#couldNotClaim = true;
      log.warn({ err: error }, 'due downloads could not be claimed');
    }
  }

  #launch(claimed: ClaimedDownload): void {
    const run = this.#leases.add(claimed);
    // Claimed although it stops: released at once rather than after a lease.
    if (this.#state === 'stopped') run.end('stopped');
    run.done = this.#perform(run).finally(() => {
      this.#leases.remove(run);
      this.#fill();
    });
  }

  async #perform(run: Run): Promise<void> {
    const { claimed } = run;
    const { clock, log, random } = this.#deps;
    try {
      // A lease of ours that ran out unnoticed: the same draft must not have two writers.
      await run.previous?.done;
      const finished = await attemptDownload(claimed, run.signal, this.#deps);
      if (run.ended === 'lease-lost') return this.#record(run, finished, 'dropped');
      const { result, saidAt, attempt } = finished;
      this.#space.ended(result);
      this.#hosts.ended(claimed.host, attempt);
      const ended = { result, at: attempt.at, ...(saidAt === undefined ? {} : { saidAt }) };
      const verdict = toVerdict(claimed, ended, clock(), random);
      const isSettled = await this.#settle(run, verdict, attempt);
      this.#record(run, finished, isSettled ? verdict : 'dropped');
    } catch (error) {
      log.error({ err: error, recordingId: claimed.id }, 'a download ended in a way it should not');
    }
  }

  async #settle(run: Run, verdict: DownloadVerdict, attempt: DownloadAttempt): Promise<boolean> {
    const { id, generation } = run.claimed;
    const { downloads, clock, log } = this.#deps;
    for (;;) {
      try {
        const tried = verdict.kind === 'put-off' ? {} : { attempt };
        return await downloads.settle({ id, generation, verdict, ...tried, now: clock() });
      } catch (error) {
        log.warn({ err: error, recordingId: id }, 'a download could not be settled');
        if (this.#state !== 'running' || run.ended === 'lease-lost' || clock() >= run.until) return false;
        await waitUnlessStopped(settleRetryMs, this.#stopping.signal);
      }
    }
  }

  /** The one wide record of an attempt. The link is in none of its fields. */
  #record(run: Run, { attempt, bug }: FinishedAttempt, verdict: DownloadVerdict | 'dropped'): void {
    const { claimed } = run;
    const { durationMs: ms, at: _, ...told } = attempt;
    const state = verdict === 'dropped' ? verdict : verdict.kind;
    const record = {
      ...{
        recordingId: claimed.id,
        callId: claimed.callId,
        host: claimed.host,
        attempt: claimed.attempts + 1,
      },
      ...{ ...told, ms, state },
      ...(verdict !== 'dropped' && 'nextAttemptAt' in verdict
        ? { nextAttemptAt: verdict.nextAttemptAt }
        : {}),
    };
    if (bug !== undefined) this.#deps.log.error({ ...record, err: bug }, 'download');
    else if (state === 'lost' || state === 'blocked') this.#deps.log.warn(record, 'download');
    else this.#deps.log.info(record, 'download');
    if (verdict === 'dropped' || verdict.kind === 'put-off') return;
    const lostFor = verdict.kind === 'lost' ? verdict.reason : undefined;
    this.#deps.onAttempt?.(attempt, verdict.kind, lostFor);
  }
}

function waitUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
