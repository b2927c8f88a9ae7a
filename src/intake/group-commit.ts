import type { Clock } from '../domain/clock.js';
import type { InboxWriter, ReceivedPush } from '../store/inbox.js';

/** What became of a push: in the inbox and durable; or not acknowledged, for one of three reasons. */
export type CommitResult = 'stored' | 'late' | 'failed' | 'overloaded';

export interface GroupCommitLimits {
  /** Bytes that may wait; what comes on top is refused at once. */
  readonly maxQueuedBytes: number;
  /** What is not durable by then is answered 503, so that the sender hears of it within its 700 ms. */
  readonly lateAfterMs: number;
  readonly maxGroupBytes: number;
  readonly maxGroupPushes: number;
}

const groupCommitLimits: GroupCommitLimits = {
  maxQueuedBytes: 128 * 1024 * 1024,
  lateAfterMs: 650,
  maxGroupBytes: 8 * 1024 * 1024,
  maxGroupPushes: 2_000,
};

interface Waiting {
  readonly push: ReceivedPush;
  readonly since: number;
  readonly done: (result: CommitResult) => void;
  isAnswered: boolean;
}

/** How often the waiting are looked through for late ones. */
const lateCheckMs = 20;

/**
 * Many pushes, one commit: while one group is being written and fsynced, the next gathers. The busier it
 * is, the larger the groups, and the less of an fsync each push pays for.
 */
export class GroupCommit {
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #inFlight: Waiting[] = [];
  #lateCheck: NodeJS.Timeout | undefined;
  #lastFailureAt: number | undefined;
  #idle: (() => void)[] = [];

  constructor(
    private readonly inbox: Pick<InboxWriter, 'append'>,
    private readonly clock: Clock,
    private readonly onFailure: (error: unknown) => void,
    private readonly limits: GroupCommitLimits = groupCommitLimits,
  ) {}

  /** When the inbox last refused a group; absent once one has gone in again. */
  get lastFailureAt(): number | undefined {
    return this.#lastFailureAt;
  }

  /** `done` is called once, with what became of the push. */
  submit(push: ReceivedPush, done: (result: CommitResult) => void): void {
    const bytes = push.body.byteLength;
    if (this.#queuedBytes + bytes > this.limits.maxQueuedBytes) {
      done('overloaded');
      return;
    }
    this.#queuedBytes += bytes;
    this.#queue.push({ push, since: this.clock(), done, isAnswered: false });
    this.#lateCheck ??= setInterval(() => {
      this.#answerLate();
    }, lateCheckMs);
    // One turn of the event loop is given to what has arrived with it: the first of a burst does not commit alone.
    if (this.#inFlight.length === 0 && this.#queue.length === 1) setImmediate(() => void this.#commitNext());
  }

  /** Resolves once everything submitted has its answer. */
  async flush(): Promise<void> {
    if (this.#queue.length === 0 && this.#inFlight.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #commitNext(): Promise<void> {
    if (this.#inFlight.length > 0) return;
    const group = this.#takeGroup();
    if (group.length === 0) {
      this.#rest();
      return;
    }
    this.#inFlight = group;
    let result: CommitResult = 'stored';
    try {
      await this.inbox.append(group.map(({ push }) => push));
      this.#lastFailureAt = undefined;
    } catch (error) {
      result = 'failed';
      this.#lastFailureAt = this.clock();
      this.onFailure(error);
    }
    this.#inFlight = [];
    for (const waiting of group) this.#answer(waiting, result);
    void this.#commitNext();
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { push } of this.#queue) {
      bytes += push.body.byteLength;
      if (count > 0 && (bytes > this.limits.maxGroupBytes || count >= this.limits.maxGroupPushes)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  /** A late push that is still in the queue leaves it: answered 503, it will come again. One that is being written may be stored all the same; then its second coming is a duplicate. */
  #answerLate(): void {
    const before = this.clock() - this.limits.lateAfterMs;
    for (const waiting of this.#inFlight) if (waiting.since <= before) this.#answer(waiting, 'late');
    while (this.#queue[0] && this.#queue[0].since <= before) {
      const waiting = this.#queue.shift();
      if (waiting) this.#answer(waiting, 'late');
    }
  }

  #answer(waiting: Waiting, result: CommitResult): void {
    if (waiting.isAnswered) return;
    waiting.isAnswered = true;
    this.#queuedBytes -= waiting.push.body.byteLength;
    waiting.done(result);
  }

  #rest(): void {
    clearInterval(this.#lateCheck);
    this.#lateCheck = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
