import type { CallsArrived } from '../../../src/contract/service.ts';
import type { Status } from '../../../src/contract/status.ts';

/** What GET /api/v1/live tells of, by name. */
export interface LiveData {
  readonly status: Status;
  /** Undefined: the connection is new, and some may have come while there was none. */
  readonly calls: CallsArrived | undefined;
  /** That one of one's own has moved on. */
  readonly exports: unknown;
}
export type LiveName = keyof LiveData;

type Listener = (data: unknown) => void;

/** An answer that is no stream (signed out, shutting down) makes the browser give up; this long after, we ask again. */
const reopenMs = 10_000;

/**
 * One connection for the whole page, open while somebody listens: a browser has six to a server, and a page with
 * a few of these would have none left for anything else.
 */
export class LiveEvents {
  readonly #address: string;
  readonly #listeners = new Map<LiveName, Set<Listener>>();
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  /** Returns what ends it. Events that are sent while nobody listens are not kept. */
  on<Name extends LiveName>(name: Name, listener: (data: LiveData[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    const added: Listener = (data) => listener(data as LiveData[Name]);
    listeners.add(added);
    this.#open();
    return () => {
      listeners.delete(added);
      if ([...this.#listeners.values()].every(({ size }) => size === 0)) this.#close();
    };
  }

  #open(): void {
    if (this.#source) return;
    clearTimeout(this.#timer);
    const source = new EventSource(this.#address);
    this.#source = source;
    for (const name of ['status', 'calls', 'exports'] as const satisfies LiveName[]) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        this.#tell(name, JSON.parse(event.data));
      });
    }
    source.addEventListener('open', () => this.#tell('calls', undefined));
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#source = undefined;
      this.#timer = setTimeout(() => this.#open(), reopenMs);
    });
  }

  #tell(name: LiveName, data: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(data);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }
}
