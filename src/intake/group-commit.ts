import type { Clock } from '../domain/clock.js';
import type { InboxWriter, ReceivedPush } from '../store/inbox.js';

/** What became of a push: in the inbox and durable; or not acknowledged, for one of three reasons. */
export type CommitResult = 'stored' | 'late' | 'failed' | 'overloaded';

export interface GroupCommitLimits {
  /** Bytes that may wait; what comes on top is refused at once. */
  readonly maxQueuedBytes: number;
  /** Of one source. */
  readonly maxQueuedBytesOfSource: number;
  /** What is not durable by then is answered 503, so that the sender hears of it within its 700 ms. */
  readonly lateAfterMs: number;
  readonly maxGroupBytes: number;
  readonly maxGroupPushes: number;
}

const groupCommitLimits: GroupCommitLimits = {
  maxQueuedBytes: 160 * 1024 * 1024,
  maxQueuedBytesOfSource: 80 * 1024 * 1024,
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

interface SourceQueue {
  /** In the queue or being written. */
  bytes: number;
  readonly waiting: Waiting[];
}

/** How often the waiting are looked through for late ones. */
const lateCheckMs = 20;

/**
 * Many pushes, one commit: while one group is being written and fsynced, the next gathers. The busier it
 * is, the larger the groups, and the less of an fsync each push pays for. Sources take turns: however much one of them sends,
 * the push of another waits for one group before its own.
 */
export class GroupCommit {
  /** In the order of their turns. One without anything in the queue or on its way has no place. */
  readonly #queues = new Map<string, SourceQueue>();
  #queued = 0;
  /** The source whose push was the first of the last group. */
  #lastFirst: string | undefined;
  #queuedBytes = 0;
  #inFlight: Waiting[] = [];
  #lateCheck: NodeJS.Timeout | undefined;
  #lastFailureAt: number | undefined;
  #lastFullAt: number | undefined;
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

  /** When a push was last refused because too much of everybody's waited. */
  get lastFullAt(): number | undefined {
    return this.#lastFullAt;
  }

  /** `done` is called once, with what became of the push. */
  submit(push: ReceivedPush, done: (result: CommitResult) => void): void {
    const bytes = push.body.byteLength;
    const queue = this.#queues.get(push.source) ?? { bytes: 0, waiting: [] };
    const isFull = this.#queuedBytes + bytes > this.limits.maxQueuedBytes;
    if (isFull) this.#lastFullAt = this.clock();
    if (isFull || queue.bytes + bytes > this.limits.maxQueuedBytesOfSource) {
      done('overloaded');
      return;
    }
    this.#queuedBytes += bytes;
    queue.bytes += bytes;
    queue.waiting.push({ push, since: this.clock(), done, isAnswered: false });
    this.#queues.set(push.source, queue);
    this.#queued++;
    this.#lateCheck ??= setInterval(() => {
      this.#answerLate();
    }, lateCheckMs);
    // One turn of the event loop is given to what has arrived with it: the first of a burst does not commit alone.
    if (this.#inFlight.length === 0 && this.#queued === 1) setImmediate(() => void this.#commitNext());
  }

  /** Resolves once everything submitted has its answer. */
  async flush(): Promise<void> {
    if (this.#queued === 0 && this.#inFlight.length === 0) return;
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

  /** One of each source in turn, as many as fit. The first always does, and its source is the last the next time. */
  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    let bytes = 0;
    let turns = [...this.#queues].filter(([, { waiting }]) => waiting.length > 0);
    // A source that pushes while another's group is written has its turn before that one has another.
    const isAgain = turns.length > 1 && turns[0]?.[0] === this.#lastFirst;
    if (isAgain) turns = [...turns.slice(1), ...turns.slice(0, 1)];
    const [first] = turns;
    if (first) {
      this.#lastFirst = first[0];
      this.#queues.delete(first[0]);
      this.#queues.set(...first);
    }
    while (turns.length > 0) {
      turns = turns.filter(([, { waiting }]) => {
        const size = waiting[0]?.push.body.byteLength ?? 0;
        if (group.length > 0 && bytes + size > this.limits.maxGroupBytes) return false;
        const next = group.length < this.limits.maxGroupPushes ? waiting.shift() : undefined;
        if (!next) return false;
        group.push(next);
        bytes += size;
        return waiting.length > 0;
      });
    }
    this.#queued -= group.length;
    return group;
  }

  /** A late push that is still in the queue leaves it: answered 503, it will come again. One that is being written may be stored all the same; then its second coming is a duplicate. */
  #answerLate(): void {
    const before = this.clock() - this.limits.lateAfterMs;
    for (const waiting of this.#inFlight) if (waiting.since <= before) this.#answer(waiting, 'late');
    for (const { waiting } of [...this.#queues.values()]) {
      while (waiting[0] && waiting[0].since <= before) {
        const late = waiting.shift();
        this.#queued--;
        if (late) this.#answer(late, 'late');
      }
    }
  }

  #answer(waiting: Waiting, result: CommitResult): void {
    if (waiting.isAnswered) return;
    waiting.isAnswered = true;
    const { source, body } = waiting.push;
    this.#queuedBytes -= body.byteLength;
    const queue = this.#queues.get(source);
    if (queue) {
      queue.bytes -= body.byteLength;
      if (queue.bytes <= 0 && queue.waiting.length === 0) this.#queues.delete(source);
    }
    waiting.done(result);
  }

  #rest(): void {
    clearInterval(this.#lateCheck);
    this.#lateCheck = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
