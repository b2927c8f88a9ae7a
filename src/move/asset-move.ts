import { type AssetStorage, StorageError } from '../storage/asset-storage.js';
import type { Entry, JournalReader } from '../store/journal.js';
import type { Recording, RecordingPosition, RecordingsReader } from '../store/recordings.js';
import { copyAsset, type AssetFailure } from './copy-asset.js';
import { IdSet } from './id-set.js';

export interface AssetMoveParts {
  readonly recordings: Pick<RecordingsReader, 'list' | 'get' | 'counts'>;
  readonly journal: Pick<JournalReader, 'read' | 'lastSeq' | 'ofCall'>;
  readonly from: Pick<AssetStorage, 'read' | 'openDraft' | 'wholeDrafts'>;
  readonly to: Pick<AssetStorage, 'read' | 'size' | 'openDraft' | 'remove'>;
  readonly onProgress: (done: number, total: number) => void;
}

/** An asset that is not in the new storage. */
export interface FailedAsset {
  readonly recordingId: string;
  readonly callId: string;
  readonly fileName: string;
  readonly failure: AssetFailure;
}

const atOnce = 4;
const pageRecordings = 200;
const pageEvents = 2_000;
/** A storage that takes nothing will not take the next million either. */
const maxRefusalsInARow = 10;

/**
 * Copies what has been archived from one storage into another. The first round of `catchUp` looks at every archived
 * recording, later ones at those of which the journal has told since. What is there already, and right, is only read:
 * so an interrupted move goes on where it was. `settle` needs the archiver at rest.
 */
export class AssetMove {
  readonly #done = new IdSet();
  readonly #failures = new Map<number, FailedAsset>();
  #toldUpTo: number | undefined;
  #refusalsInARow = 0;
  #total = 0;
  /** Of this run; what was there already is not among them. */
  copied = 0;
  copiedBytes = 0;

  constructor(private readonly parts: AssetMoveParts) {}

  get failures(): readonly FailedAsset[] {
    return [...this.#failures.values()];
  }

  /** Assets that are in the new storage, each compared with what its recording says of it. */
  get verified(): number {
    return this.#done.size;
  }

  async catchUp(): Promise<void> {
    const { journal, recordings } = this.parts;
    const since = this.#toldUpTo;
    const upTo = await journal.lastSeq();
    this.#total = (await recordings.counts()).archived;
    if (since === undefined) await this.#inLanes(this.#archived());
    else await this.#inLanes(this.#archivedSince(since));
    await this.#removeDeleted(since ?? 0);
    this.#toldUpTo = upTo;
  }

  async settle(): Promise<void> {
    await this.catchUp();
    await this.#inLanes(this.#failedOnes());
    await this.#copyWholeDrafts();
  }

  /** Of a settled move: a sentence where an archived recording was not looked at. */
  async check(): Promise<string | undefined> {
    const { archived } = await this.parts.recordings.counts();
    const seen = this.#done.size + this.#failures.size;
    return archived === seen
      ? undefined
      : `recordings.archived: ${archived} in the store, ${seen} were copied`;
  }

  async #inLanes(recordings: AsyncIterable<Recording>): Promise<void> {
    const iterator = recordings[Symbol.asyncIterator]();
    const lane = async (): Promise<void> => {
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        await this.#copy(next.value);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  }

  async #copy({ id, callId, asset }: Recording): Promise<void> {
    if (!asset) return;
    const number = toNumber(id);
    const { from, to, onProgress } = this.parts;
    const copy = await copyAsset(asset, `move-${id}`, from, to);
    if (copy.kind === 'failed') {
      this.#failures.set(number, {
        recordingId: id,
        callId,
        fileName: asset.fileName,
        failure: copy.failure,
      });
      this.#refusalsInARow = copy.failure === 'not-written' ? this.#refusalsInARow + 1 : 0;
      if (this.#refusalsInARow >= maxRefusalsInARow) throw refusal(copy.error);
    } else {
      this.#refusalsInARow = 0;
      this.#failures.delete(number);
      this.#done.add(number);
    }
    if (copy.kind === 'copied') {
      this.copied++;
      this.copiedBytes += asset.bytes;
    }
    const seen = this.#done.size + this.#failures.size;
    onProgress(seen, Math.max(seen, this.#total));
  }

  async *#archived(): AsyncGenerator<Recording> {
    let after: RecordingPosition | undefined;
    do {
      const query = { state: 'archived', limit: pageRecordings, ...(after ? { after } : {}) } as const;
      const page = await this.parts.recordings.list(query);
      yield* page.items;
      after = page.next;
    } while (after);
  }

  async *#archivedSince(since: number): AsyncGenerator<Recording> {
    for await (const { id } of this.#told(since, 'recording.archived')) {
      const recording = await this.parts.recordings.get(id);
      if (recording?.state === 'archived') yield recording;
    }
  }

  async *#failedOnes(): AsyncGenerator<Recording> {
    for (const { recordingId } of this.failures) {
      const recording = await this.parts.recordings.get(recordingId);
      if (recording?.state === 'archived') yield recording;
      else this.#failures.delete(toNumber(recordingId));
    }
  }

  /** What somebody has deleted must not live on in the new storage, whichever run had copied it. */
  async #removeDeleted(since: number): Promise<void> {
    const { recordings, journal, to } = this.parts;
    for await (const { id, entry } of this.#told(since, 'recording.lost')) {
      const recording = await recordings.get(id);
      if (recording?.state !== 'deleted') continue;
      const names = new Set<string>();
      for (const { type, text } of await journal.ofCall(entry.callId, true)) {
        const told = type === 'recording.archived' ? (JSON.parse(text) as Told) : undefined;
        if (told?.recordingId === id && told.fileName !== undefined) names.add(told.fileName);
      }
      for (const name of names) await to.remove(name);
      this.#done.delete(toNumber(id));
      this.#failures.delete(toNumber(id));
    }
  }

  async *#told(
    since: number,
    type: 'recording.archived' | 'recording.lost',
  ): AsyncGenerator<{ id: string; entry: Entry }> {
    for (let after = since; ;) {
      const events = await this.parts.journal.read(after, pageEvents, [type]);
      for (const entry of events) yield { id: (JSON.parse(entry.text) as Told).recordingId, entry };
      const last = events.at(-1);
      if (!last) return;
      after = last.seq;
    }
  }

  /** Downloaded and checked, and only not committed yet: by now the link may be dead. */
  async #copyWholeDrafts(): Promise<void> {
    const { from, to } = this.parts;
    for (const id of await from.wholeDrafts()) {
      const old = await from.openDraft(id);
      const mark = old.kept.mark;
      try {
        if (!mark) continue;
        const draft = await to.openDraft(id);
        await draft.restart();
        for await (const chunk of old.readKept()) await draft.write(chunk);
        await draft.abandon(mark);
      } finally {
        await old.abandon(mark);
      }
    }
  }
}

interface Told {
  readonly recordingId: string;
  readonly fileName?: string;
}

function refusal(error: unknown): Error {
  return error instanceof Error ? error : new StorageError('io-failed', 'the new storage keeps other bytes');
}

function toNumber(recordingId: string): number {
  return Number(recordingId.slice(1));
}
