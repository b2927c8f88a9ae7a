import type { Clock } from '../domain/clock.js';
import type { InboxReader, InboxWriter, Spool, StoredPush } from '../store/inbox.js';

interface SpoolDrainParts {
  readonly reader: Pick<InboxReader, 'read'>;
  readonly spool: Pick<Spool, 'remove'>;
  readonly database: Pick<InboxWriter, 'append' | 'probe'>;
  /** The database is for fresh pushes first; without, they come through the spool themselves, and nothing is to be left free. */
  readonly leavesRoom: boolean;
  readonly stopwatch: Clock;
  /** Resolves after `ms`, or when it is time to stop. */
  readonly rest: (ms: number) => Promise<void>;
  /** So many have arrived. */
  readonly onDrained: (pushes: number) => void;
  /** The database refuses this push and takes others: those behind it go first, and it is tried again later. */
  readonly onSetAside: (push: Omit<StoredPush, 'body'> & { bytes: number }, error: unknown) => void;
}

/** For so long a push that was refused is not asked for again. */
const asideMs = 30_000;
/** The database may be slow for reasons of its own: the drain does not rest for minutes because of them. */
const longestRestMs = 2_000;

/**
 * Spool → database, in the order of receipt. What has arrived is deleted, so there is no cursor to keep: an end at any
 * line repeats one batch at most, and the keys make that harmless. Runs in the pipeline thread, because reading a file
 * may wait for a disk, and in the main thread an acknowledgement would wait with it.
 */
export class SpoolDrain {
  readonly #pace = new DrainPace();
  /** Behind the last push that was set aside, and until when. */
  #aside: { readonly id: number; readonly until: number } | undefined;

  constructor(private readonly parts: SpoolDrainParts) {}

  /** Drains one batch; false where nothing was left to drain. @throws what the database said. */
  async step(): Promise<boolean> {
    const { reader, stopwatch, leavesRoom } = this.parts;
    if (this.#aside && stopwatch() >= this.#aside.until) this.#aside = undefined;
    const { pushes: limit, bytes } = this.#pace.batch;
    const pushes = await reader.read(this.#aside?.id ?? 0, limit, bytes);
    if (pushes.length === 0) return false;
    const startedAt = stopwatch();
    await this.#pass(pushes);
    const tookMs = stopwatch() - startedAt;
    this.#pace.took(tookMs);
    if (leavesRoom) await this.parts.rest(Math.min(tookMs, longestRestMs));
    return true;
  }

  async #pass(pushes: readonly StoredPush[]): Promise<void> {
    const { database, spool, onDrained } = this.parts;
    const [first, last] = [pushes[0], pushes.at(-1)];
    if (!first || !last) return;
    try {
      await database.append(pushes.map(({ id: _, ...push }) => push));
    } catch (error) {
      this.#pace.failed();
      if (pushes.length > 1 || !(await this.#isSound())) throw error;
      this.#setAside(first, error);
      return;
    }
    await spool.remove(first.id, last.id);
    onDrained(pushes.length);
  }

  async #isSound(): Promise<boolean> {
    try {
      await this.parts.database.probe();
      return true;
    } catch {
      return false;
    }
  }

  #setAside({ body, ...head }: StoredPush, error: unknown): void {
    const until = this.#aside?.until ?? this.parts.stopwatch() + asideMs;
    this.#aside = { id: head.id, until };
    this.parts.onSetAside({ ...head, bytes: body.byteLength }, error);
  }
}

/** How much of a spool is drained at once. */
interface DrainBatch {
  readonly pushes: number;
  readonly bytes: number;
}

const mostPushes = 2_048;
/**
 * A database that takes long for anything (a standby far away, a busy disk) takes hardly less long for a single push:
 * below this, smaller batches would not relieve it, and a spool would be drained by a handful of pushes a second.
 */
const fewestPushes = 256;
const bytesPerPush = 2 * 1024;
/** A batch this long keeps a fresh push waiting for a small part of its time; a slower one is halved, a faster one doubled. */
const aimMs = 40;

/**
 * Batches as large as can be without anybody noticing: how long the database takes for one tells how busy it is, with
 * fresh pushes of all processes among other things. After a failure it begins with one push: where a single push is
 * what fails, its neighbours pass.
 */
class DrainPace {
  #pushes = 16;

  get batch(): DrainBatch {
    return { pushes: this.#pushes, bytes: this.#pushes * bytesPerPush };
  }

  took(durationMs: number): void {
    if (durationMs < aimMs || this.#pushes < fewestPushes) {
      this.#pushes = Math.min(mostPushes, this.#pushes * 2);
    } else if (durationMs > 2 * aimMs) {
      this.#pushes = Math.max(fewestPushes, this.#pushes >> 1);
    }
  }

  failed(): void {
    this.#pushes = 1;
  }
}
