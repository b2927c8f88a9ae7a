import type { Readable } from 'node:stream';
import type { CallsArrived, ExportsMoved } from '../contract/service.js';
import type { JobState } from '../domain/export-job.js';
import type { Jobs } from '../store/jobs.js';
import type { JournalReader } from '../store/journal.js';
import type { EntryBell } from './entry-bell.js';
import { heartbeat, LiveListener, toEvent } from './live-events.js';
import { toStatusJson, type ServiceStatus } from './service-status.js';

export interface LiveParts {
  readonly status: () => Promise<ServiceStatus>;
  readonly journal: Pick<JournalReader, 'cursors' | 'lastSeq'>;
  readonly jobs: Pick<Jobs, 'list'>;
  readonly bell: Pick<EntryBell, 'rings' | 'wait' | 'isEnded'>;
  /** Called with what could not be looked at; the next look is another one. */
  readonly onFailure: (error: unknown) => void;
}

const maxListeners = 200;
const lookEveryMs = 2_000;
/** Calls are told of as they come, and not more often than a page can be drawn anew. */
const callsEveryMs = 500;
const heartbeatEveryMs = 15_000;
/** Whoever listens comes again after this: then it is asked anew who it is. */
const maxListenMs = 5 * 60_000;
/** A browser's patience before it comes again. */
const retryMs = 2_000;
/** Exports that are looked at: more do not move at a time. */
const watchedJobs = 50;

/**
 * Tells everybody who listens how it goes: one look serves all of them, and nobody looks while nobody listens. A look
 * that fails is left out; the stream goes on.
 */
export class Live {
  readonly #parts: LiveParts;
  readonly #listeners = new Set<LiveListener>();
  #looking: AbortController | undefined;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Events from now on; undefined where too many listen already. */
  listen(): Readable | undefined {
    if (this.#listeners.size >= maxListeners || this.#parts.bell.isEnded) return undefined;
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
      this.#tell(toEvent('status', toStatusJson(await this.#parts.status())));
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
    const { bell, journal } = this.#parts;
    let before: number | undefined;
    while (!signal.aborted) {
      const { rings } = bell;
      let isBehind = false;
      await this.#try(async () => {
        const [{ projector }, lastSeq] = await Promise.all([journal.cursors(), journal.lastSeq()]);
        // The projector is a moment behind the journal, which rings: calls are there without another ring.
        isBehind = projector < lastSeq;
        const isNews = before !== undefined && projector > before;
        before = projector;
        if (isNews) this.#tell(toEvent('calls', { lastSeq: projector } satisfies CallsArrived));
      });
      await sleep(callsEveryMs, signal);
      if (!isBehind) await bell.wait(rings, signal);
      if (!bell.isEnded) continue;
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
