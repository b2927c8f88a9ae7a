import type { Client } from '../../client.ts';
import { decodePeaks } from '../../player/peaks.ts';

export interface RowWaveform {
  readonly seconds: number;
  /** Left first. */
  readonly channels: readonly Uint8Array[];
}

/** Rows that come into view together are asked for together. */
const gatherMs = 60;
const maxIds = 100;
const buckets = 64;
/** What had none may have been drawn in the meantime. */
const askAgainMs = 20_000;

/** The small waveforms of the rows that were in view: asked for in batches, kept as long as the page. */
export class WaveformStore {
  readonly #client: Client;
  readonly #found = new Map<string, RowWaveform>();
  readonly #askedAtMs = new Map<string, number>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #wanted = new Set<string>();
  #isGathering = false;

  constructor(client: Client) {
    this.#client = client;
  }

  get(recordingId: string): RowWaveform | undefined {
    return this.#found.get(recordingId);
  }

  /** Wants it for as long as it is listened for. */
  subscribe(recordingId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(recordingId) ?? new Set();
    this.#listeners.set(recordingId, listeners.add(listener));
    this.#want(recordingId);
    return () => {
      listeners.delete(listener);
      // Scrolled away before it was asked for.
      if (listeners.size === 0) this.#wanted.delete(recordingId);
    };
  }

  #want(recordingId: string): void {
    const askedAt = this.#askedAtMs.get(recordingId) ?? -Infinity;
    if (this.#found.has(recordingId) || performance.now() - askedAt < askAgainMs) return;
    this.#wanted.add(recordingId);
    if (this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => void this.#fetch(), gatherMs);
  }

  async #fetch(): Promise<void> {
    this.#isGathering = false;
    const ids = [...this.#wanted].slice(0, maxIds);
    this.#wanted = new Set([...this.#wanted].slice(maxIds));
    if (ids.length === 0) return;
    for (const id of ids) this.#askedAtMs.set(id, performance.now());
    try {
      const { items } = await this.#client.recordings.waveforms({ recordings: ids.join(','), buckets });
      for (const { recordingId, seconds, channels } of items)
        this.#found.set(recordingId, { seconds, channels: channels.map(decodePeaks) });
      for (const id of ids) for (const listener of this.#listeners.get(id) ?? []) listener();
    } catch {
      // A row without its picture is still a row; it is asked for again when it next comes into view.
    }
    if (this.#wanted.size > 0) void this.#fetch();
  }
}
