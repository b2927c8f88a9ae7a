import type { Logger } from 'pino';
import type { Clock, Random } from '../domain/clock.js';
import type { DeliveryAttempt } from '../domain/delivery.js';
import type { GuardedClient } from '../net/guarded-fetch.js';
import type { DeliveriesReader, Dispatch } from '../store/deliveries.js';
import type { EndpointsWriter } from '../store/endpoints.js';
import type { JournalReader } from '../store/journal.js';
import type { ReplaysReader } from '../store/replays.js';
import { ByteBudget } from './byte-budget.js';
import type { DispatcherSettings, WorkerDeps } from './worker-deps.js';
import { EndpointShare } from './endpoint-share.js';
import { EndpointWorker } from './endpoint-worker.js';
import { GatheredWrites } from './gathered-writes.js';
import { JournalWindow } from './journal-window.js';
import type { MintLink } from './push-content.js';

export interface DispatcherDeps {
  readonly journal: JournalReader;
  readonly dispatch: Dispatch;
  readonly deliveries: DeliveriesReader;
  readonly replays: ReplaysReader;
  readonly endpointsWriter: Pick<EndpointsWriter, 'sweepRemoved'>;
  readonly client: GuardedClient;
  readonly minter: () => Promise<MintLink>;
  readonly clock: Clock;
  /** Of durations: one that nobody sets. */
  readonly stopwatch: Clock;
  readonly random: Random;
  readonly newWebhookId: () => string;
  readonly userAgent: string;
  readonly settings: DispatcherSettings;
  /** How many processes serve endpoints, this one among them. Absent: this one alone. */
  readonly share?: () => Promise<number>;
  readonly log: Logger;
  readonly onAttempt?: (endpointId: string, attempt: DeliveryAttempt, messages: number) => void;
}

/** Deliveries of removed endpoints deleted in one step: a few milliseconds of the store's writer. */
const sweptAtOnce = 200;
/** A store that did not answer is left in peace, and the log with it. */
const failureMs = 1_000;

/**
 * Pushes the journal on: takes endpoints that nobody serves under leases, gives each a worker, and keeps the leases
 * alive. An endpoint is served by one process at a time, which keeps its order; a killed process's endpoints are free
 * one lease later. Renewing brings the endpoints as they are now: changes arrive that way, at once where
 * `endpointsChanged` says that there are some. Where several processes serve endpoints each has an equal share
 * (endpoint-share.ts): one that has more lets an endpoint's pushes end and gives it back. Workers share what they read of the journal and the transactions in
 * which they write, and nothing else: none ever waits for another.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #shared: WorkerDeps;
  readonly #share: EndpointShare;
  readonly #workers = new Map<string, EndpointWorker>();
  /** Those of them that are being given back, each until it is. */
  readonly #leaving = new Map<EndpointWorker, Promise<void>>();
  readonly #timers: NodeJS.Timeout[] = [];
  #isStopping = false;
  /** One conversation about leases at a time. */
  #leasing: Promise<void> = Promise.resolve();
  #isLeasing = false;
  #mustRenew = false;
  /** By the stopwatch: a clock that was set back would hold renewals up. */
  #renewedAt = -Infinity;
  #isTicking = false;
  #tickNotBefore = 0;
  #mustSweep = true;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    const { dispatch, clock, log, settings } = deps;
    this.#share = new EndpointShare({ dispatch, share: deps.share, clock, settings });
    const warn = (what: string) => (error: unknown) => {
      log.warn({ err: error }, `${what} could not be written`);
    };
    this.#shared = {
      ...deps,
      window: new JournalWindow(deps.journal),
      cuts: new GatheredWrites({
        write: (cuts) => dispatch.cut(cuts),
        onFailure: warn('new deliveries'),
        lingerMs: 0,
      }),
      settlements: new GatheredWrites({
        write: (items) => dispatch.settle(items),
        onFailure: warn('what came of deliveries'),
        lingerMs: settings.settleLingerMs,
      }),
      budget: new ByteBudget(settings.maxBytesInAll, settings.maxBytesEach),
      onAttempt: deps.onAttempt ?? (() => undefined),
      onDoubt: () => {
        this.endpointsChanged();
      },
    };
  }

  /** How many endpoints are served here. */
  get served(): number {
    return this.#workers.size;
  }

  start(): void {
    const { tickMs, acquireMs } = this.#deps.settings;
    this.#timers.push(
      setInterval(() => void this.#tick(), tickMs),
      setInterval(() => {
        this.#lease();
      }, acquireMs),
    );
    this.#lease();
  }

  /** Somebody created, changed or removed an endpoint, or asked for a replay. */
  endpointsChanged(): void {
    this.#mustRenew = true;
    this.#mustSweep = true;
    this.#lease();
  }

  /** The journal has more: it need not be asked. */
  journalGrew(): void {
    if (!this.#isStopping) void this.#tick();
  }

  /** Begins nothing more, lets pushes under way end, writes what came of them and gives the endpoints back. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#shared.cuts.end();
    this.#shared.settlements.end();
    await this.#leasing;
    const { stopGraceMs } = this.#deps.settings;
    const workers = [...this.#workers.values()];
    await Promise.all(workers.map((worker) => worker.stop(stopGraceMs)));
    await this.#release(workers);
    await Promise.all(this.#leaving.values());
  }

  async #tick(): Promise<void> {
    if (this.#isTicking || this.#deps.stopwatch() < this.#tickNotBefore) return;
    this.#isTicking = true;
    try {
      const lastSeq = await this.#deps.journal.lastSeq();
      for (const worker of this.#workers.values()) worker.tick(lastSeq);
    } catch (error) {
      this.#tickNotBefore = this.#deps.stopwatch() + failureMs;
      if (!this.#isStopping) this.#deps.log.warn({ err: error }, 'the end of the journal could not be read');
    } finally {
      this.#isTicking = false;
    }
  }

  #lease(): void {
    if (this.#isStopping || this.#isLeasing) return;
    this.#isLeasing = true;
    this.#leasing = this.#leaseOnce().finally(() => {
      this.#isLeasing = false;
      if (this.#mustRenew) this.#lease();
    });
  }

  async #leaseOnce(): Promise<void> {
    const { clock, stopwatch, settings, log } = this.#deps;
    try {
      if (this.#mustRenew || stopwatch() - this.#renewedAt >= settings.renewMs) await this.#renew();
      await this.#acquire();
      if (this.#mustSweep) await this.#sweep();
    } catch (error) {
      this.#mustRenew = false;
      log.warn({ err: error }, 'endpoints could not be leased');
      for (const [id, worker] of this.#workers) if (clock() >= worker.leasedUntil) this.#drop(id, worker);
    }
  }

  async #renew(): Promise<void> {
    const { dispatch, clock, stopwatch, settings } = this.#deps;
    this.#mustRenew = false;
    this.#renewedAt = stopwatch();
    const until = clock() + settings.leaseMs;
    const held = [...this.#workers.values()];
    if (held.length === 0) return;
    const renewed = await dispatch.renew(
      held.map(({ lease }) => lease),
      until,
    );
    const ours = new Set<string>();
    for (const { endpoint } of renewed) {
      ours.add(endpoint.id);
      this.#workers.get(endpoint.id)?.refresh(endpoint, until);
    }
    for (const worker of held) {
      const id = worker.lease.endpointId;
      if (!ours.has(id)) this.#drop(id, worker);
    }
  }

  async #acquire(): Promise<void> {
    const { take, giveBack } = await this.#share.weigh(this.#workers.size - this.#leaving.size);
    if (take > 0) await this.#take(take);
    const staying = [...this.#workers.values()].filter((worker) => !this.#leaving.has(worker));
    // Those that came last: whoever was here first has its connections and its retries under way.
    for (const worker of staying.reverse().slice(0, giveBack))
      this.#leaving.set(worker, this.#giveBack(worker));
    if (this.#workers.size > 0) void this.#tick();
  }

  async #take(limit: number): Promise<void> {
    const { dispatch, clock, settings, log } = this.#deps;
    const now = clock();
    const until = now + settings.leaseMs;
    for (const { endpoint, lease } of await dispatch.acquire({ now, until, limit })) {
      // Ours, and run out without our noticing: what is under way under the old lease cannot be settled any more.
      this.#workers.get(endpoint.id)?.drop();
      this.#workers.set(endpoint.id, new EndpointWorker(endpoint, lease, until, this.#shared));
      log.debug({ endpointId: endpoint.id }, 'endpoint taken');
    }
  }

  /** To another process: its lease is kept alive until what is under way has ended. */
  async #giveBack(worker: EndpointWorker): Promise<void> {
    const id = worker.lease.endpointId;
    await worker.stop(this.#deps.settings.handOverGraceMs);
    if (this.#workers.get(id) === worker) {
      this.#workers.delete(id);
      await this.#release([worker]);
      this.#deps.log.debug({ endpointId: id }, 'endpoint given back: others have less');
    }
    this.#leaving.delete(worker);
  }

  async #release(workers: readonly EndpointWorker[]): Promise<void> {
    try {
      if (workers.length > 0) await this.#deps.dispatch.release(workers.map(({ lease }) => lease));
    } catch (error) {
      this.#deps.log.warn(
        { err: error },
        'endpoints could not be given back; they are free when the lease ends',
      );
    }
  }

  #drop(id: string, worker: EndpointWorker): void {
    worker.drop();
    this.#workers.delete(id);
    this.#mustSweep = true;
  }

  async #sweep(): Promise<void> {
    const swept = await this.#deps.endpointsWriter.sweepRemoved(sweptAtOnce);
    this.#mustSweep = swept === sweptAtOnce;
    // The rest soon: the store's writer turns to others in between.
    if (this.#mustSweep) this.#timers.push(setTimeout(() => this.#lease(), this.#deps.settings.tickMs));
  }
}
