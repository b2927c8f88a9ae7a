import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Endpoint, EndpointHealth } from '../domain/endpoint.js';
import type { EndpointLease } from '../store/deliveries.js';
import type { Replay } from '../store/replays.js';
import { isOpen } from './breaker.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { LiveFeed } from './live-feed.js';
import { planReplay } from './replay-feed.js';
import type { WorkerDeps } from './worker-deps.js';

export interface EndpointFeedParts {
  readonly endpoint: Endpoint;
  readonly lease: EndpointLease;
  readonly queue: DeliveryQueue;
  /** Attempts that are not written yet, as `id at`: the store still shows their deliveries as open. */
  readonly unsettled: ReadonlySet<string>;
  readonly state: () => { endpoint: Endpoint; health: EndpointHealth; isServing: boolean };
  /** There may be something to send. */
  readonly onFed: () => void;
  /** The store took nothing from us: the lease may be gone. */
  readonly onRefused: () => void;
  readonly deps: WorkerDeps;
}

/** Batches of a replay in one step: those of the journal take turns with it. */
const replayBatches = 4;
const failureMs = 1_000;
/** Nothing for this endpoint: its cursor is written once a second all the same, for whoever looks at its lag. */
const moveCursorEveryMs = 1_000;

/**
 * Fills an endpoint's queue: with deliveries that are open in the store already (after a start, a halving, a replay
 * of one by hand), then by turns with batches cut from the journal and steps of a replay. Does one thing at a time,
 * so that what is read as open and what is cut never mix. Nothing is fed beyond what is soon sent, and nothing at all
 * while the breaker is open, but for the one batch that its probe needs.
 */
export class EndpointFeed {
  readonly #parts: EndpointFeedParts;
  #live: LiveFeed;
  #lastSeq = 0;
  #running: Promise<void> | undefined;
  #mustReload = true;
  /** There are more open deliveries than were loaded: they come first. */
  #hasMoreOpen = false;
  #mustStartOver = false;
  #mustLookForReplay = true;
  #replay: Replay | undefined;
  #isReplaysTurn = false;
  #cursorMovedAt = 0;
  /** A cut was refused: if the lease is ours all the same, the cursor stands elsewhere than we thought. */
  #isOutOfStep = false;
  /** Batches to be cut ahead: more for an endpoint that has taken all of them while the next were being written. */
  #ahead: number;
  /** Batches of the last cut. */
  #cutBefore = 0;
  /** After a failure: not before this instant. */
  #notBefore = 0;

  constructor(parts: EndpointFeedParts) {
    this.#parts = parts;
    const { window, newWebhookId, settings } = parts.deps;
    this.#ahead = settings.aheadBatches;
    this.#live = new LiveFeed(window, parts.endpoint.cursor, newWebhookId);
  }

  /** The endpoint may have changed, and so may what is open or to be replayed. */
  refresh(before: Endpoint, { settings, cursor }: Endpoint): void {
    if (this.#isOutOfStep) {
      const { window, newWebhookId } = this.#parts.deps;
      this.#live = new LiveFeed(window, cursor, newWebhookId);
      this.#isOutOfStep = false;
    }
    const { types, when, filter } = settings;
    const was = before.settings;
    const wishes = JSON.stringify([types, when, filter]);
    if (wishes !== JSON.stringify([was.types, was.when, was.filter])) this.#mustStartOver = true;
    this.#mustLookForReplay = true;
    this.reload();
  }

  /** Looks anew at what is open in the store. */
  reload(): void {
    this.#mustReload = true;
    this.wake();
  }

  wake(lastSeq = this.#lastSeq): void {
    this.#lastSeq = Math.max(lastSeq, this.#lastSeq);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { state, onFed, deps, endpoint } = this.#parts;
    if (deps.clock() < this.#notBefore) return;
    try {
      while (state().isServing && !this.#isOutOfStep && (await this.#step())) onFed();
    } catch (error) {
      this.#notBefore = deps.clock() + failureMs;
      this.#mustReload = true;
      if (state().isServing) deps.log.warn({ err: error, endpointId: endpoint.id }, 'nothing could be fed');
    }
  }

  /** Does one thing; false where there is nothing to do now. */
  async #step(): Promise<boolean> {
    if (
      this.#mustReload ||
      (this.#hasMoreOpen && this.#parts.queue.size <= this.#parts.deps.settings.maxOpen / 2)
    ) {
      return this.#load();
    }
    const maxBatches = this.#room();
    if (maxBatches === 0 || this.#hasMoreOpen) return false;
    if (this.#mustStartOver) {
      this.#mustStartOver = false;
      this.#live.startOver();
    }
    if (this.#mustLookForReplay) {
      this.#mustLookForReplay = false;
      this.#replay = await this.#parts.deps.replays.running(this.#parts.endpoint.id);
    }
    this.#isReplaysTurn = !this.#isReplaysTurn;
    if (this.#isReplaysTurn)
      return (await this.#feedReplay(maxBatches)) || (await this.#feedLive(maxBatches));
    return (await this.#feedLive(maxBatches)) || (await this.#feedReplay(maxBatches));
  }

  async #load(): Promise<boolean> {
    const { queue, unsettled, deps, endpoint } = this.#parts;
    this.#mustReload = false;
    const replaced = queue.replaced();
    const known = new Set([...queue.ids(), ...[...unsettled].map((key) => key.slice(0, key.indexOf(' ')))]);
    for (const { id } of replaced) known.delete(id);
    const limit = known.size + deps.settings.maxOpen;
    const open = await deps.deliveries.open(endpoint.id, limit);
    this.#hasMoreOpen = open.length === limit;
    const found = open.filter(({ id }) => !known.has(id));
    for (const item of replaced) queue.remove(item);
    queue.add(found);
    return found.length > 0 || this.#room() > 0;
  }

  /** Batches that may be cut now. */
  #room(): number {
    const { queue, state, deps } = this.#parts;
    const { aheadBatches, maxOpen } = deps.settings;
    const { health } = state();
    const { fresh } = queue;
    if (health.failuresInARow > 0) this.#ahead = aheadBatches;
    if (isOpen(health)) return fresh === 0 && (health.probeAt ?? 0) <= deps.clock() ? 1 : 0;
    if (queue.size >= maxOpen || fresh > this.#ahead / 2) return 0;
    return this.#ahead - fresh;
  }

  async #feedLive(maxBatches: number): Promise<boolean> {
    if (!this.#live.hasWork(this.#lastSeq)) return false;
    const { state, queue, deps, lease } = this.#parts;
    const { types, when, filter, batchSize, lingerMs } = state().endpoint.settings;
    const { scanEntries, maxBatchBytes } = deps.settings;
    const isThrough = await this.#live.gather({
      wishes: { types, when, filter },
      messages: maxBatches * batchSize,
      entries: scanEntries,
      lastSeq: this.#lastSeq,
    });
    const now = deps.clock();
    const movesCursor = now - this.#cursorMovedAt >= moveCursorEveryMs;
    const takesPartial = queue.fresh === 0;
    const rule = { batchSize, maxBatchBytes, maxBatches, takesPartial, lingerMs, now };
    const cut = this.#live.plan(rule, movesCursor);
    if (cut) {
      const { from, to, batches } = cut;
      const made = await deps.cuts.add({ lease, from, to, batches, now });
      if (!made) {
        this.#isOutOfStep = true;
        this.#parts.onRefused();
        return false;
      }
      this.#cursorMovedAt = now;
      this.#live.advance(cut);
      const hasTakenAll = this.#cutBefore > 0 && queue.fresh === 0;
      if (hasTakenAll && batches.length === maxBatches)
        this.#ahead = Math.min(this.#ahead * 2, deps.settings.mostAheadBatches);
      this.#cutBefore = batches.length;
      queue.add(made);
      if (made.length > 0) return true;
    }
    if (isThrough) return false;
    // A long stretch without anything for this endpoint: the others have a turn.
    await nextTurn();
    return true;
  }

  async #feedReplay(maxBatches: number): Promise<boolean> {
    const replay = this.#replay;
    if (!replay) return false;
    const { state, queue, deps, lease } = this.#parts;
    const { types, when, filter, batchSize } = state().endpoint.settings;
    const cut = await planReplay(
      replay,
      {
        wishes: { types, when, filter },
        batchSize,
        maxBatches: Math.min(maxBatches, replayBatches),
        entries: deps.settings.scanEntries,
      },
      deps,
    );
    const made = await deps.dispatch.cutReplay({ lease, replayId: replay.id, ...cut, now: deps.clock() });
    const goesOn = made !== undefined && !cut.isDone;
    this.#replay = goesOn ? { ...replay, position: cut.position } : undefined;
    // Another one may run behind it; one that was refused is looked at again when the endpoint is.
    if (made && cut.isDone) this.#mustLookForReplay = true;
    queue.add(made ?? []);
    return made !== undefined;
  }
}
