import type { Entry, JournalReader } from '../store/journal.js';
import type { KeptWaveform, WaveformsReader, WaveformsWriter } from '../store/waveforms.js';
import { analyseRecording, type AnalysisDeps, analysedTypes, readArchived } from './analyse-recording.js';

export interface AnalyserDeps extends AnalysisDeps {
  readonly journal: Pick<JournalReader, 'read' | 'lastSeq'>;
  readonly waveforms: Pick<WaveformsReader, 'cursor'>;
  readonly waveformsWriter: WaveformsWriter;
}

/** Waveforms of so many are written as one transaction; a crash repeats these at most. */
const batchRecordings = 8;
/** Of one file, while others can be read: then it cannot be, today or tomorrow. */
const mostFailures = 5;

/**
 * Journal → waveforms: each recording that was archived is read once more, one at a time and in order, and its waveform
 * is written with the cursor. What a crash repeats makes the same rows.
 *
 *   archived ──read──▶ decoded ─────────────▶ waveform
 *              │          └─ not to be had ─▶ a row that says why
 *              ├─ the file is gone ─────────▶ nothing: somebody deleted the recording
 *              ├─ the storage is away ──────▶ tried again, for ever
 *              └─ this file alone fails ────▶ tried again, then a row that says `broken`: others can be read
 */
export class Analyser {
  #cursor: number | undefined;
  #failures = { seq: 0, count: 0 };

  constructor(private readonly deps: AnalyserDeps) {}

  /** Analyses the next batch; false where the journal tells of no more recordings. Rejects with what is to be waited for. */
  async step(): Promise<boolean> {
    const { journal, waveforms, waveformsWriter } = this.deps;
    try {
      const from = (this.#cursor ??= await waveforms.cursor());
      // Asked first: up to here, nothing will be found later that is not found now.
      const lastSeq = await journal.lastSeq();
      const entries = await journal.read(from, batchRecordings, analysedTypes);
      const hasMore = entries.length === batchRecordings;
      const { kept, readTo, failure } = await this.#analyse(entries, from);
      // Entries without recordings are passed by for good: else they would be looked through again and again.
      const cursor = failure || hasMore ? readTo : Math.max(readTo, lastSeq);
      if (cursor > from) await waveformsWriter.keep(kept, cursor);
      this.#cursor = cursor;
      if (failure) throw failure.error;
      return hasMore;
    } catch (error) {
      // Another process may have gone on meanwhile.
      this.#cursor = undefined;
      throw error;
    }
  }

  /** What the entries give until one fails. */
  async #analyse(entries: readonly Entry[], from: number): Promise<Analysed> {
    const kept: KeptWaveform[] = [];
    let readTo = from;
    for (const [index, entry] of entries.entries()) {
      const recording = readArchived(entry);
      try {
        const one = await analyseRecording(recording, this.deps);
        if (one) kept.push(one);
      } catch (error) {
        if (!(await this.#isBeyondHope(entry.seq, entries.slice(index + 1))))
          return { kept, readTo, failure: { error } };
        const { recordingId } = recording;
        kept.push({ recordingId, reason: 'broken' });
        this.deps.log.warn(
          { err: error, recording: recordingId },
          'A recording that is kept cannot be read.',
        );
      }
      readTo = entry.seq;
    }
    return { kept, readTo };
  }

  /** Whether it is the file that fails, again and again, and not the storage: others can be read. */
  async #isBeyondHope(seq: number, later: readonly Entry[]): Promise<boolean> {
    if (!(await this.#isOneReadable(later))) return false;
    const { count } = seq === this.#failures.seq ? this.#failures : { count: 0 };
    this.#failures = { seq, count: count + 1 };
    return count + 1 >= mostFailures;
  }

  async #isOneReadable(entries: readonly Entry[]): Promise<boolean> {
    for (const entry of entries) {
      try {
        const one = await analyseRecording(readArchived(entry), this.deps);
        // What nothing decodes was perhaps not even opened.
        if (one && 'waveform' in one) return true;
      } catch {
        // The next may be another matter.
      }
    }
    return false;
  }
}

interface Analysed {
  readonly kept: readonly KeptWaveform[];
  /** Every entry up to this is done. */
  readonly readTo: number;
  readonly failure?: { readonly error: unknown };
}
