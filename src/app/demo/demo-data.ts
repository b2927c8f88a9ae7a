import type { Logger } from 'pino';
import type { DemoState } from '../../contract/service.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../domain/errors.js';
import { processGoneAfterMs } from '../../domain/lease.js';
import { demoBatchId, demoCalls, demoSource, madeUpAs } from '../../domain/made-up-calls.js';
import { WakeSignal } from '../../runtime/consumer-loop.js';
import { eraseSource } from '../../sources/erase-source.js';
import type { AssetStorage } from '../../storage/asset-storage.js';
import type { Call } from '../../store/calls.js';
import type { ProcessRole } from '../../store/shared-roles.js';
import type { MainStore } from '../open-store.js';
import type { DemoSender } from './demo-sender.js';

/** Roles without which they come to nothing. */
const neededRoles: readonly ProcessRole[] = ['intake', 'archive', 'api'];

const lookEveryMs = 500;
/** Recordings that fail are tried again within seconds, at first; what is not there by then will not be. */
const fetchWithinMs = 90_000;

export interface DemoDataParts {
  readonly store: MainStore;
  readonly assets: AssetStorage;
  readonly timeZone: string;
  readonly roles: readonly ProcessRole[];
  readonly newToken: () => string;
  /** Push paths of this process, without a trailing slash. */
  readonly nearUrl: () => string;
  /** The sources were changed. */
  readonly onSources: () => Promise<void>;
  /** Recordings may be fetched from this port of loopback; undefined: no more. */
  readonly allowStorage: (port: number | undefined) => void;
  readonly log: Logger;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

/**
 * Made-up calls on an instance without any of its own. They come as real ones do (over HTTP, from a source of their
 * own), so that everything has been tried once they are there; and they go without a trace but one line in the journal.
 *
 *   absent ──load──▶ loading ──▶ present ──remove──▶ removing ──▶ absent
 *                       └── a restart in between ──▶ present, with what had come
 */
export class DemoData {
  readonly #parts: DemoDataParts;
  readonly #closing = new AbortController();
  #work: { readonly state: 'loading' | 'removing'; readonly done: Promise<void> } | undefined;

  constructor(parts: DemoDataParts) {
    this.#parts = parts;
  }

  async state(): Promise<DemoState> {
    const [isThere, calls] = await Promise.all([this.#isThere(), this.#calls()]);
    const state = this.#work?.state ?? (isThere ? 'present' : 'absent');
    const refusal = state === 'absent' ? await this.#refusal() : undefined;
    return {
      state,
      canLoad: state === 'absent' && refusal === undefined,
      calls: calls.length,
      wanted: demoCalls,
      archived: calls.filter(({ recordings }) =>
        recordings.some((recording) => recording.state === 'archived'),
      ).length,
    };
  }

  /** Begins; `state` tells how far it is. Rejects with `demo-refused` or `demo-busy`. */
  async load(): Promise<DemoState> {
    this.#refuseWhileBusy();
    if (await this.#isThere()) throw new AppError('demo-refused', 'Demo data are here already.');
    const refusal = await this.#refusal();
    if (refusal !== undefined) throw new AppError('demo-refused', refusal);
    this.#begin('loading', () => this.#load());
    return await this.state();
  }

  /** Begins to remove what there is; harmless where there is nothing. Rejects with `demo-busy`. */
  async remove(): Promise<DemoState> {
    this.#refuseWhileBusy();
    if (await this.#isThere()) this.#begin('removing', () => this.#remove());
    return await this.state();
  }

  /** Ends what runs; it is not gone on with by itself. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work?.done;
  }

  #refuseWhileBusy(): void {
    if (!this.#work) return;
    throw new AppError(
      'demo-busy',
      `Demo data are ${this.#work.state === 'loading' ? 'being loaded' : 'being removed'}.`,
    );
  }

  #begin(state: 'loading' | 'removing', work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => {
        this.#parts.log.warn({ err: error }, 'Demo data could not be loaded, or removed, to the end.');
      })
      .finally(() => {
        this.#work = undefined;
      });
    this.#work = { state, done };
  }

  async #load(): Promise<void> {
    const { store, newToken, nearUrl, onSources, allowStorage, clock, stopwatch } = this.#parts;
    const { signal } = this.#closing;
    const token = newToken();
    const created = await store.sources.create({ id: demoSource, name: demoSource, token, now: clock() });
    if (typeof created === 'string') throw new Error(`the source of demo data could not be made: ${created}`);
    await onSources();
    // Few instances ever need it: loaded by itself, a start does not pay for it.
    const { openDemoSender } = await import('./demo-sender.js');
    const sender = await openDemoSender(`${nearUrl()}/push/${token}`, { clock, stopwatch });
    try {
      allowStorage(sender.port);
      await sender.run(signal);
      await this.#untilFetched(sender);
    } finally {
      allowStorage(undefined);
      await sender.close();
      // The token was never shown, and from now on it is another.
      await store.sources.rotate(demoSource, newToken(), clock());
      await onSources();
    }
  }

  /** Until every recording that can be had is archived; a thread that was started anew meanwhile is told again. */
  async #untilFetched({ port }: DemoSender): Promise<void> {
    const { clock, allowStorage } = this.#parts;
    const giveUpAt = clock() + fetchWithinMs;
    const never = new WakeSignal();
    while (!this.#closing.signal.aborted && clock() < giveUpAt) {
      const calls = await this.#calls();
      const pending = calls
        .flatMap(({ recordings }) => recordings)
        .filter(({ state }) => state === 'pending');
      if (calls.length === demoCalls && pending.every(({ reason }) => reason === 'not-found')) return;
      allowStorage(port);
      await never.sleep(lookEveryMs, this.#closing.signal);
    }
  }

  async #remove(): Promise<void> {
    const { store, assets, timeZone, clock, onSources } = this.#parts;
    const { signal } = this.#closing;
    await eraseSource(demoSource, { store, assets, timeZone, clock, signal });
    if (signal.aborted) return;
    await store.sources.remove(demoSource);
    await onSources();
  }

  async #isThere(): Promise<boolean> {
    return (await this.#parts.store.sources.list()).some(({ id }) => id === demoSource);
  }

  async #calls(): Promise<Call[]> {
    return (await this.#parts.store.calls.search({ batchId: demoBatchId, limit: 2 * demoCalls })).items;
  }

  /** A sentence that says why none can be loaded here. */
  async #refusal(): Promise<string | undefined> {
    const { store, roles, clock } = this.#parts;
    if (!neededRoles.every((role) => roles.includes(role)))
      return 'This process does not run every part of Earshot.';
    // There is one sample: two calls are enough to look at.
    if ((await store.calls.search({ limit: 2 })).items.some((call) => madeUpAs(call) === undefined))
      return 'This instance has calls of its own.';
    if ((await store.endpoints.list()).length > 0)
      return 'There are endpoints, which made-up calls would be pushed to.';
    const since = store.shared?.toSharedClock(clock)() ?? 0;
    const processes = (await store.shared?.processes.list(since - processGoneAfterMs)) ?? [];
    return processes.length > 1 ? 'Several processes work on this store.' : undefined;
  }
}
