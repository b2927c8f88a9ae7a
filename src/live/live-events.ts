import { Readable } from 'node:stream';
import type { CallsArrived, ExportsMoved, liveEvents } from '../contract/service.js';
import type { Status } from '../contract/status.js';
import type { JobState } from '../domain/export-job.js';
import type { Jobs } from '../store/jobs.js';
import type { JournalReader } from '../store/journal.js';
import type { EntryNotifier } from './entry-notifier.js';

/** A reader that leaves so much unread does not read. */
const maxUnreadBytes = 256 * 1024;

/** Of text/event-stream: one event, its data as JSON. */
function toEvent(name: (typeof liveEvents)[number], data: unknown): string {
  // JSON holds no line ends: its data is one line.
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment: it keeps connections alive that nothing else moves on. */
const heartbeat = ': here\n\n';

/** One who listens. What is written is sent as fast as it is read; who does not read is left. */
export class LiveListener {
  readonly stream: Readable;

  constructor(onLeft: () => void) {
    this.stream = new Readable({ read: () => undefined });
    this.stream.once('close', onLeft);
    // A reader that leaves is no mistake.
    this.stream.on('error', () => undefined);
  }

  write(text: string): void {
    if (this.stream.destroyed || this.stream.readableEnded) return;
    this.stream.push(text);
    if (this.stream.readableLength > maxUnreadBytes)
      this.stream.destroy(new Error('the listener does not read'));
  }

  end(): void {
    if (!this.stream.destroyed) this.stream.push(null);
  }
}

export interface LiveEventsParts {
  readonly status: () => Promise<Status>;
  readonly journal: Pick<JournalReader, 'cursors' | 'lastSeq'>;
  readonly jobs: Pick<Jobs, 'list'>;
  readonly notifier: Pick<EntryNotifier, 'version' | 'wait' | 'isEnded'>;
  /** Called with what could not be looked at; the next look is another one. */
  readonly onFailure: (error: unknown) => void;
}

const maxListeners = 200;
const lookEveryMs = 2_000;
/** Calls are announced as they come, at most as often as a page can be drawn anew. */
const callsEveryMs = 500;
const heartbeatEveryMs = 15_000;
/** A listener connects again after this, and its rights are checked anew. */
const maxListenMs = 5 * 60_000;
/** A browser's patience before it comes again. */
const retryMs = 2_000;
/** Exports that are looked at: more do not move at a time. */
const watchedJobs = 50;

/**
 * Sends events to everybody who listens. One look serves all listeners, and none is made without any. A look that fails
 * is left out; the stream goes on.
 */
export class LiveEvents {
  readonly #parts: LiveEventsParts;
  readonly #listeners = new Set<LiveListener>();
  #looking: AbortController | undefined;

  constructor(parts: LiveEventsParts) {
    this.#parts = parts;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Events from now on; undefined where too many listen already. */
  listen(): Readable | undefined {
    if (this.#listeners.size >= maxListeners || this.#parts.notifier.isEnded) return undefined;
    const end = setTimeout(() => {
      listener.end();
    }, maxListenMs);
    const listener = new LiveListener(() => {
      clearTimeout(end);
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stopLooking();
    });
    this.#listeners.add(listener);
    listener.write(`retry: ${retryMs}\n\n`);
    this.#looking ??= this.#look();
    return listener.stream;
  }

  #stopLooking(): void {
    this.#looking?.abort();
    this.#looking = undefined;
  }

  #look(): AbortController {
    const looking = new AbortController();
    const { signal } = looking;
    void Promise.all([
      this.#every(lookEveryMs, signal, this.#tellStatus()),
      this.#every(lookEveryMs, signal, this.#tellExports()),
      this.#every(heartbeatEveryMs, signal, () => {
        this.#tell(heartbeat);
        return Promise.resolve();
      }),
      this.#watchCalls(signal),
    ]);
    return looking;
  }

  #tell(text: string): void {
    for (const listener of this.#listeners) listener.write(text);
  }

  async #every(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await this.#try(work);
      await sleep(ms, signal);
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.onFailure(error);
    }
  }

  #tellStatus(): () => Promise<void> {
    return async () => {
      this.#tell(toEvent('status', await this.#parts.status()));
    };
  }

  #tellExports(): () => Promise<void> {
    let before: string | undefined;
    return async () => {
      const { items } = await this.#parts.jobs.list({ limit: watchedJobs });
      const now = JSON.stringify(items.map(({ id, state, done }) => [id, state, done]));
      const isNews = before !== undefined && before !== now;
      before = now;
      if (isNews) this.#tell(toEvent('exports', toExportsMoved(items)));
    };
  }

  async #watchCalls(signal: AbortSignal): Promise<void> {
    const { notifier, journal } = this.#parts;
    let before: number | undefined;
    while (!signal.aborted) {
      const { version } = notifier;
      let isBehind = false;
      await this.#try(async () => {
        const [{ projector }, lastSeq] = await Promise.all([journal.cursors(), journal.lastSeq()]);
        // The projector is a moment behind the journal, which notifies: calls appear without another notification.
        isBehind = projector < lastSeq;
        const isNews = before !== undefined && projector > before;
        before = projector;
        if (isNews) this.#tell(toEvent('calls', { lastSeq: projector } satisfies CallsArrived));
      });
      await sleep(callsEveryMs, signal);
      if (!isBehind) await notifier.wait(version, signal);
      if (!notifier.isEnded) continue;
      for (const listener of this.#listeners) listener.end();
      return;
    }
  }
}

const open: readonly JobState[] = ['waiting', 'running'];

function toExportsMoved(jobs: readonly { readonly state: JobState }[]): ExportsMoved {
  return { open: jobs.filter(({ state }) => open.includes(state)).length };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
