import { messageTypes } from '../protocol/message.js';
import { eventTypes, type Entry, type EntryType, type JournalReader } from '../store/journal.js';
import { readStories } from './recording-story.js';
import type { CallHistory } from './select-messages.js';

/** Entries in one piece of the journal: read in a millisecond or two, and few enough that a piece of large ones is no burden. */
const chunkEntries = 256;
/** Of texts; a hundred endpoints that are about as far share what one of them has read. */
const maxKeptBytes = 24 * 1024 * 1024;

const allTypes: readonly EntryType[] = [...messageTypes, ...eventTypes];

/** Entries with seq in (number × size, (number + 1) × size], as far as the journal reaches. */
interface Chunk {
  entries: readonly Entry[];
  /** Everything up to here is in. */
  readTo: number;
  bytes: number;
}

/**
 * The journal as all endpoints of this process read it: in pieces at fixed places, so that endpoints which stand
 * near each other read a piece once. The pieces used last are kept, as far as their texts fit the bound.
 */
export class JournalWindow {
  readonly #journal: Pick<JournalReader, 'read' | 'bySeqs' | 'ofCall'>;
  /** In the order of their last use. */
  readonly #chunks = new Map<number, Chunk>();
  readonly #reading = new Map<number, Promise<Chunk>>();
  #keptBytes = 0;

  constructor(journal: Pick<JournalReader, 'read' | 'bySeqs' | 'ofCall'>) {
    this.#journal = journal;
  }

  /**
   * Entries with seq > `after`, ascending, to the end of their piece or of the journal, and how far that is: there is
   * nothing else up to `readTo`. `lastSeq` is the journal's end as the caller knows it.
   */
  async read(after: number, lastSeq: number): Promise<{ entries: readonly Entry[]; readTo: number }> {
    if (lastSeq <= after) return { entries: [], readTo: after };
    const number = Math.floor(after / chunkEntries);
    const chunk = await this.#chunk(number, lastSeq);
    const first = chunk.entries.findIndex(({ seq }) => seq > after);
    const entries = first === -1 ? [] : first === 0 ? chunk.entries : chunk.entries.slice(first);
    return { entries, readTo: Math.max(chunk.readTo, after) };
  }

  /** The entries with these numbers, in this order. What was erased since (`source.erased`) is left out. */
  async find(seqs: readonly number[]): Promise<Entry[]> {
    const found = seqs.map((seq) => this.#kept(seq));
    const missing = seqs.filter((_, index) => found[index] === undefined);
    if (missing.length > 0) {
      const read = new Map((await this.#journal.bySeqs(missing)).map((entry) => [entry.seq, entry]));
      for (const [index, seq] of seqs.entries()) found[index] ??= read.get(seq);
    }
    return found.filter((entry) => entry !== undefined);
  }

  async history(callId: string): Promise<CallHistory> {
    const entries = await this.#journal.ofCall(callId, true);
    return { entries, stories: readStories(entries) };
  }

  #kept(seq: number): Entry | undefined {
    const number = Math.floor((seq - 1) / chunkEntries);
    const entries = this.#chunks.get(number)?.entries;
    // Without gaps the place of an entry is known; with some, it is a little before.
    const guess = entries?.[seq - 1 - number * chunkEntries];
    return guess?.seq === seq ? guess : entries?.find((entry) => entry.seq === seq);
  }

  async #chunk(number: number, lastSeq: number): Promise<Chunk> {
    const wantedTo = Math.min(lastSeq, (number + 1) * chunkEntries);
    for (;;) {
      const kept = this.#chunks.get(number);
      if (kept && kept.readTo >= wantedTo) {
        this.#chunks.delete(number);
        this.#chunks.set(number, kept);
        return kept;
      }
      let reading = this.#reading.get(number);
      if (!reading) {
        reading = this.#readOn(number, kept, wantedTo).finally(() => this.#reading.delete(number));
        this.#reading.set(number, reading);
      }
      const chunk = await reading;
      if (chunk.readTo >= wantedTo) return chunk;
    }
  }

  /** What is behind `kept` in its piece. Reading further than was known is harmless: the journal only grows. */
  async #readOn(number: number, kept: Chunk | undefined, wantedTo: number): Promise<Chunk> {
    const from = kept?.readTo ?? number * chunkEntries;
    const end = (number + 1) * chunkEntries;
    const read = (await this.#journal.read(from, end - from, allTypes)).filter(({ seq }) => seq <= end);
    const bytes = read.reduce((sum, { text }) => sum + text.length, 0);
    const chunk: Chunk = {
      entries: kept ? [...kept.entries, ...read] : read,
      readTo: Math.max(wantedTo, read.at(-1)?.seq ?? 0),
      bytes: (kept?.bytes ?? 0) + bytes,
    };
    this.#keptBytes += chunk.bytes - (this.#chunks.get(number)?.bytes ?? 0);
    this.#chunks.delete(number);
    this.#chunks.set(number, chunk);
    this.#forgetOldest();
    return chunk;
  }

  #forgetOldest(): void {
    for (const [number, { bytes }] of this.#chunks) {
      if (this.#keptBytes <= maxKeptBytes) return;
      this.#chunks.delete(number);
      this.#keptBytes -= bytes;
    }
  }
}
