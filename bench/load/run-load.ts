import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { toLatency, type LoadResult } from './load-result.js';
import { PushConnection, type PushResult } from './push-connection.js';
import { PushTemplate, type PushShape } from './push-template.js';

export interface LoadSpec extends PushShape {
  readonly connections: number;
  /** Pushes a second at fixed times (open loop); absent: the next as soon as the last is answered (closed loop). */
  readonly ratePerSecond?: number;
  /** At the beginning, not measured: compilers warm up, logs grow to their usual size. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** No more pushes than this, whatever the time. */
  readonly maxPushes: number;
  readonly firstMessage?: number;
}

/** How long the last answers are waited for. */
const lastAnswersMs = 5_000;

/**
 * Posts pushes, every message another one, and counts what came of them. An open loop measures each push
 * from the time it was due, not from when it could be sent: a server that stalls is charged for every push
 * that had to wait ("coordinated omission").
 */
export async function runLoad(spec: LoadSpec): Promise<LoadResult> {
  const load = new Load(spec);
  return await load.run();
}

class Load {
  readonly #template: PushTemplate;
  readonly #connections: PushConnection[];
  readonly #histogram = createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
  readonly #others: Record<string, number> = {};
  #pushes = 0;
  #acknowledged = 0;
  #measured = 0;
  #measureFrom = 0;
  #measureTo = 0;
  #onIdle: ((connection: PushConnection) => void) | undefined;

  constructor(private readonly spec: LoadSpec) {
    this.#template = new PushTemplate(spec, Date.now());
    this.#connections = Array.from(
      { length: spec.connections },
      () => new PushConnection(spec.port, this.#template.createRequest()),
    );
  }

  async run(): Promise<LoadResult> {
    await Promise.all(this.#connections.map((connection) => connection.open()));
    const { warmUpMs, durationMs, ratePerSecond } = this.spec;
    const cpuBefore = process.cpuUsage();
    this.#measureFrom = performance.now() + warmUpMs;
    this.#measureTo = this.#measureFrom + durationMs;
    if (ratePerSecond === undefined) await this.#closedLoop();
    else await this.#openLoop(ratePerSecond);
    const endedAt = performance.now();
    await this.#lastAnswers();
    const cpu = process.cpuUsage(cpuBefore);
    for (const connection of this.#connections) connection.close();
    const measuredSeconds = (Math.min(endedAt, this.#measureTo) - this.#measureFrom) / 1000;
    return {
      acknowledged: this.#acknowledged,
      others: this.#others,
      measuredSeconds,
      acknowledgedPerSecond: this.#measured / measuredSeconds,
      latencyMs: toLatency(this.#histogram),
      generatorMicroseconds: (cpu.user + cpu.system) / Math.max(1, this.#pushes),
      messages: this.#pushes * this.spec.recordsPerPush,
    };
  }

  #isOver(now: number): boolean {
    return now >= this.#measureTo || this.#pushes >= this.spec.maxPushes;
  }

  async #closedLoop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onIdle = (connection) => {
        const now = performance.now();
        if (this.#isOver(now)) resolve();
        else this.#push(connection, now);
      };
      for (const connection of this.#connections) this.#onIdle(connection);
    });
    this.#onIdle = undefined;
  }

  /** Once a millisecond, what has fallen due is sent on the connections that are free; the rest waits its turn. */
  async #openLoop(ratePerSecond: number): Promise<void> {
    const startedAt = performance.now();
    const dueAt = (push: number): number => startedAt + (push * 1000) / ratePerSecond;
    const idle = [...this.#connections];
    const sendDue = (now: number): void => {
      while (dueAt(this.#pushes) <= now && !this.#isOver(now)) {
        const connection = idle.pop();
        if (!connection) return;
        this.#push(connection, dueAt(this.#pushes));
      }
    };
    this.#onIdle = (connection) => {
      idle.push(connection);
      sendDue(performance.now());
    };
    for (let now = startedAt; !this.#isOver(now); now = performance.now()) {
      sendDue(now);
      await wait(1);
    }
    this.#onIdle = undefined;
  }

  #push(connection: PushConnection, since: number): void {
    const { recordsPerPush, firstMessage = 0 } = this.spec;
    this.#template.fill(connection.request, firstMessage + this.#pushes * recordsPerPush);
    this.#pushes++;
    connection.send((result) => {
      this.#count(result, since);
      this.#onIdle?.(connection);
    });
  }

  #count(result: PushResult, since: number): void {
    if (result !== 'acknowledged') {
      this.#others[result] = (this.#others[result] ?? 0) + 1;
      return;
    }
    this.#acknowledged++;
    const now = performance.now();
    if (now < this.#measureFrom) return;
    // A push that was sent in time is measured to its end; only those answered in time make the rate.
    this.#histogram.record(Math.max(1, Math.round((now - since) * 1000)));
    if (now < this.#measureTo) this.#measured++;
  }

  async #lastAnswers(): Promise<void> {
    const until = performance.now() + lastAnswersMs;
    while (this.#connections.some(({ isBusy }) => isBusy) && performance.now() < until) await wait(5);
    const unanswered = this.#connections.filter(({ isBusy }) => isBusy).length;
    if (unanswered > 0) this.#others['unanswered'] = unanswered;
  }
}
