import type { DeliveryAttempt, DeliveryVerdict } from '../domain/delivery.js';
import type { Outcome } from '../domain/outcome.js';
import type { Endpoint, EndpointHealth } from '../domain/endpoint.js';
import type { EndpointLease } from '../store/deliveries.js';
import { isOpen } from './breaker.js';
import { DeliveryQueue, type QueuedDelivery } from './delivery-queue.js';
import { EndpointFeed } from './endpoint-feed.js';
import { toPushBody } from './push-content.js';
import { sendPush, type SentPush } from './send-push.js';
import { judge, type Judgement } from './verdict.js';
import type { WorkerDeps } from './worker-deps.js';
import type { Logger } from 'pino';

/**
 * Serves one endpoint while its lease is ours.
 *
 *   journal ──feed──▶ queue ──send──▶ receiver
 *                       ▲               │
 *                       └── retry ──────┤ verdict
 *                                       └──▶ settlement, durable a little later
 *
 * A delivery is durable before it is sent, always: the feed cuts first. What an attempt made of it is written behind:
 * the next push does not wait for the disk, so a crash may repeat the last few pushes (`maxUnsettled` at most), each
 * with the webhook-id that it had. Within the endpoint settlements are written in the order of their attempts.
 *
 * The worker ends with `stop` (pushes under way may end, what was learnt is written) or with `drop` (the lease is
 * gone, or the endpoint: nothing that we could write would be taken).
 */
export class EndpointWorker {
  readonly #deps: WorkerDeps;
  readonly #lease: EndpointLease;
  readonly #queue = new DeliveryQueue();
  readonly #feed: EndpointFeed;
  #endpoint: Endpoint;
  #health: EndpointHealth;
  /** Until when the lease is ours for sure. */
  #leasedUntil: number;
  #state: 'serving' | 'stopping' | 'over' = 'serving';
  readonly #underWay = new Map<QueuedDelivery, { abort: AbortController; isProbe: boolean }>();
  #bytesUnderWay = 0;
  readonly #unsettled = new Set<string>();
  /** Rate limit: no push before this instant. */
  #notBefore = 0;
  #rateTimer: NodeJS.Timeout | undefined;
  #onIdle: () => void = () => undefined;

  constructor(endpoint: Endpoint, lease: EndpointLease, leasedUntil: number, deps: WorkerDeps) {
    this.#deps = deps;
    this.#endpoint = endpoint;
    this.#health = endpoint.health;
    this.#lease = lease;
    this.#leasedUntil = leasedUntil;
    this.#feed = new EndpointFeed({
      endpoint,
      lease,
      queue: this.#queue,
      unsettled: this.#unsettled,
      state: () => ({ endpoint: this.#endpoint, health: this.#health, isServing: this.#isServing() }),
      onFed: () => {
        this.#pump();
      },
      onRefused: () => {
        this.#doubt();
      },
      deps,
    });
  }

  get lease(): EndpointLease {
    return this.#lease;
  }

  get leasedUntil(): number {
    return this.#leasedUntil;
  }

  /** The lease was renewed, and this is the endpoint as it is now. */
  refresh(endpoint: Endpoint, leasedUntil: number): void {
    const isElsewhere = endpoint.settings.url !== this.#endpoint.settings.url;
    this.#feed.refresh(this.#endpoint, endpoint);
    this.#endpoint = endpoint;
    this.#leasedUntil = leasedUntil;
    // While nothing is under way the store knows the health as well as we do; an address that is new is healthy.
    const isQuiet = this.#underWay.size === 0 && this.#unsettled.size === 0;
    if (isElsewhere || isQuiet) this.#health = endpoint.health;
    this.#pump();
  }

  /** Looks what is due: called every few dozen ms, and when the journal has grown. */
  tick(lastSeq: number): void {
    this.#pump();
    this.#feed.wake(lastSeq);
  }

  /**
   * Begins nothing more, gives pushes under way `graceMs` to end, and resolves once what came of them is written. Asked
   * again, the shorter grace holds.
   */
  async stop(graceMs: number): Promise<void> {
    if (this.#state === 'serving') this.#state = 'stopping';
    clearTimeout(this.#rateTimer);
    const cut = setTimeout(() => {
      this.#abortAll();
    }, graceMs);
    while (!this.#isIdle()) {
      await new Promise<void>((resolve) => {
        const tellOthers = this.#onIdle;
        this.#onIdle = () => {
          tellOthers();
          resolve();
        };
      });
    }
    clearTimeout(cut);
    await this.#feed.settled();
    this.#state = 'over';
  }

  /** The endpoint is not ours any more: ends at once, and writes nothing. */
  drop(): void {
    this.#state = 'over';
    clearTimeout(this.#rateTimer);
    this.#abortAll();
  }

  #isServing(): boolean {
    return this.#state === 'serving' && !this.#endpoint.isPaused && this.#deps.clock() < this.#leasedUntil;
  }

  /** Begins nothing more until the lease is renewed. */
  #doubt(): void {
    this.#leasedUntil = 0;
    this.#deps.onDoubt();
  }

  #isIdle(): boolean {
    return this.#state === 'over' || (this.#underWay.size === 0 && this.#unsettled.size === 0);
  }

  #abortAll(): void {
    for (const { abort } of this.#underWay.values()) abort.abort();
    this.#onIdle();
  }

  /** Begins whatever may begin now. */
  #pump(): void {
    const { clock, budget, settings } = this.#deps;
    const { concurrency, ratePerSecond } = this.#endpoint.settings;
    while (
      this.#isServing() &&
      this.#underWay.size < concurrency &&
      this.#unsettled.size < settings.maxUnsettled &&
      budget.hasRoom(this.#bytesUnderWay)
    ) {
      const now = clock();
      const isProbing = [...this.#underWay.values()].some(({ isProbe }) => isProbe);
      const item = this.#queue.next({ now, inOrder: concurrency === 1, health: this.#health, isProbing });
      if (!item) return;
      if (ratePerSecond !== undefined && !this.#mayBeginAt(now, ratePerSecond)) return;
      void this.#send(item, now);
    }
  }

  /** Spaces pushes evenly: one that comes too early waits for its turn. */
  #mayBeginAt(now: number, ratePerSecond: number): boolean {
    const everyMs = 1_000 / ratePerSecond;
    if (now < this.#notBefore) {
      clearTimeout(this.#rateTimer);
      this.#rateTimer = setTimeout(() => {
        this.#pump();
      }, this.#notBefore - now);
      return false;
    }
    // From the slot, not from now: timers that are late by a little would lower the rate. But no burst after a pause.
    this.#notBefore = Math.max(this.#notBefore, now - Math.min(5, everyMs / 2)) + everyMs;
    return true;
  }

  async #send(item: QueuedDelivery, now: number): Promise<void> {
    const { window, budget, clock, minter, log } = this.#deps;
    const abort = new AbortController();
    const isProbe = item.attempts === 0 && isOpen(this.#health);
    // An attempt is told from the one before by its instant.
    const at = Math.max(now, item.lastAttemptAt + 1);
    const endpoint = this.#endpoint;
    let bytes = 0;
    item.phase = 'sending';
    item.lastAttemptAt = at;
    this.#underWay.set(item, { abort, isProbe });
    try {
      const entries = await window.find(item.seqs);
      const readHistory = (callId: string) => window.history(callId);
      const body = await toPushBody(entries, endpoint.settings, { readHistory, minter });
      bytes = body.length;
      budget.take(bytes);
      this.#bytesUnderWay += bytes;
      const { signal } = abort;
      const sent = await sendPush({ endpoint, webhookId: item.webhookId, at, body, signal }, this.#deps);
      this.#conclude(item, sent, isProbe);
    } catch (error) {
      log.error({ err: error, endpointId: endpoint.id, deliveryId: item.id }, 'a push could not be made');
      item.phase = 'waiting';
      item.notBefore = clock() + mistakeWaitMs;
    } finally {
      this.#underWay.delete(item);
      budget.give(bytes);
      this.#bytesUnderWay -= bytes;
    }
    this.#pump();
    this.#feed.wake();
    if (this.#isIdle()) this.#onIdle();
  }

  #conclude(item: QueuedDelivery, sent: SentPush, asked: boolean): void {
    if (this.#state === 'over') return;
    const { clock, random, newWebhookId, log } = this.#deps;
    const { settings } = this.#endpoint;
    const { result, retryAfterMs } = sent;
    const now = Math.max(clock(), sent.attempt.at);
    const judgement = judge(
      { delivery: item, result, asked, now, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
      { settings, health: this.#health, random, newWebhookId },
    );
    const { verdict, health, isProbe } = judgement;
    const attempt: DeliveryAttempt = { ...sent.attempt, outcome: outcomeOf(verdict, sent), isProbe };
    this.#health = health;
    logAttempt(log, this.#endpoint.id, item, attempt, judgement);
    this.#deps.onAttempt(this.#endpoint.id, attempt, item.seqs.length);
    void this.#settle(item, attempt, judgement, now);
    this.#move(item, judgement);
  }

  /** What the verdict means for the queue, at once: it is written behind. */
  #move(item: QueuedDelivery, { verdict, isProbe }: Judgement): void {
    switch (verdict.kind) {
      case 'delivered':
      case 'dead':
        this.#queue.remove(item);
        return;
      case 'halved':
        item.phase = 'held';
        return;
      case 'released':
        item.phase = 'waiting';
        return;
      case 'retry':
        item.phase = 'waiting';
        item.nextAttemptAt = verdict.nextAttemptAt;
        if (!isProbe) item.attempts++;
    }
  }

  async #settle(item: QueuedDelivery, attempt: DeliveryAttempt, { verdict, health }: Judgement, now: number) {
    const key = `${item.id} ${attempt.at}`;
    this.#unsettled.add(key);
    try {
      const settlement = { lease: this.#lease, deliveryId: item.id, attempt, verdict, health, now };
      const isOurs = await this.#deps.settlements.add(settlement);
      if (!isOurs) this.#doubt();
      if (!isOurs || verdict.kind === 'halved') this.#lookAgain(item);
    } catch (error) {
      const { log } = this.#deps;
      log.warn(
        { err: error, deliveryId: item.id },
        'what came of a push could not be written; it is sent again',
      );
      this.#lookAgain(item);
    } finally {
      this.#unsettled.delete(key);
    }
    this.#pump();
    if (this.#isIdle()) this.#onIdle();
  }

  /** The store knows better what is to be sent in the place of this one. */
  #lookAgain(item: QueuedDelivery): void {
    if (item.phase !== 'sending') item.phase = 'replaced';
    this.#feed.reload();
  }
}

/** A push that we failed to make ourselves is tried again after this: not in a loop. */
const mistakeWaitMs = 60_000;

function outcomeOf(verdict: DeliveryVerdict, { result }: SentPush): Outcome {
  if (result.news === 'stopped') return 'aborted';
  if (result.news === 'success') return 'ok';
  return verdict.kind === 'halved' ? 'refuse' : 'retry';
}

/**
 * The one wide record of an attempt. Successes are many and alike: they are told at `debug`, and counted in the
 * metrics. Neither the URL nor anything of the body is in it: both may hold secrets.
 */
function logAttempt(
  log: Logger,
  endpointId: string,
  delivery: QueuedDelivery,
  attempt: DeliveryAttempt,
  { verdict, health }: Judgement,
): void {
  if (attempt.outcome === 'ok' && !log.isLevelEnabled('debug')) return;
  const { outcome, reason, status, durationMs: ms, address, isProbe } = attempt;
  const record = {
    ...{ endpointId, deliveryId: delivery.id, webhookId: delivery.webhookId, count: delivery.seqs.length },
    ...{ attempt: delivery.attempts + 1, outcome, reason, status, ms, address, state: verdict.kind },
    ...(isProbe ? { isProbe } : {}),
    ...(verdict.kind === 'retry' ? { nextAttemptAt: verdict.nextAttemptAt } : {}),
    ...(health.probeAt === undefined ? {} : { probeAt: health.probeAt }),
  };
  if (verdict.kind === 'dead') log.warn(record, 'delivery');
  else if (outcome === 'ok') log.debug(record, 'delivery');
  else log.info(record, 'delivery');
}
