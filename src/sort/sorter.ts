import { WriteBehind } from '../domain/write-behind.js';
import type { InboxReader, StoredPush } from '../store/inbox.js';
import type { AppendResult, JournalReader, JournalWriter, SortedBatch } from '../store/journal.js';
import { Batches, pieceBounds } from './batches.js';
import { sortInPieces, type SortedPush } from './sort-push.js';

export interface SorterParts {
  readonly inbox: Pick<InboxReader, 'read'>;
  readonly journal: Pick<JournalReader, 'cursors'>;
  readonly journalWriter: Pick<JournalWriter, 'append'>;
  readonly onSorted: (result: AppendResult) => void;
  /** Milliseconds by a clock that never jumps. */
  readonly elapsedMs: () => number;
}

/** Bounds of one reading: large enough that pages and fsyncs are shared by many, small enough to fit in memory twice. */
const maxPushes = 8_000;
const maxBytes = 2.5 * 1024 * 1024;

/** What sorting may take of one source before the others are looked at: several times what an ordinary reading takes. */
const turnMs = 250;

/**
 * Inbox → journal. The cursor moves in the transaction that writes the messages: a crash anywhere repeats a
 * batch at most, and identity makes the repetition harmless.
 *
 * Pushes are sorted in the order of receipt, of all sources together, as long as each source takes no more than its
 * turn of a reading. One whose bodies take longer **falls behind**: the reading goes on without it, and it gets a turn
 * after each reading, a piece of a push at a time, until it has come to where the others are. So a body that takes
 * seconds costs the others a turn. Where each of these sources stands is known in memory alone; the cursor in the store
 * is that of the last, so that after a crash some of the others' pushes are read again. Of those that are behind, one
 * push is open at a time: each may take 64 MiB of memory, and more.
 */
export class Sorter {
  readonly #writes = new WriteBehind();
  /** Sorted up to here, but for the sources that are behind. */
  #cursor: number | undefined;
  readonly #behind = new Map<string, Behind>();
  #isFarBehind = false;

  constructor(private readonly parts: SorterParts) {}

  /** Whether much is waiting of sources that are not behind the others. */
  get isFarBehind(): boolean {
    return this.#isFarBehind;
  }

  /**
   * Sorts the next batch; false where the inbox holds no whole batch more. What is left is then left to gather
   * for a moment: sorting every few pushes by themselves would cost an fsync each, on the disk that the
   * inbox's own fsyncs wait for.
   */
  async step(): Promise<boolean> {
    try {
      this.#cursor ??= (await this.parts.journal.cursors()).sorter;
      this.#isFarBehind = await this.#sortOfAll(this.#cursor);
      await this.#sortOfNextBehind(this.#cursor);
      const hasMore = this.#isFarBehind || this.#behind.size > 0;
      if (!hasMore) await this.#writes.settle();
      return hasMore;
    } catch (error) {
      this.#cursor = undefined;
      this.#behind.clear();
      throw error;
    }
  }

  /** Whether there is more, by the size of what was read. */
  async #sortOfAll(cursor: number): Promise<boolean> {
    const without = [...this.#behind.keys()];
    const pushes = await this.parts.inbox.read(cursor, maxPushes, maxBytes, { without });
    const last = pushes.at(-1);
    if (!last) return false;
    const batches = this.#batches();
    const turns = new Map<string, Turn>();
    for (const push of pushes) {
      if (this.#behind.has(push.source)) continue;
      const turn = turns.get(push.source) ?? new Turn(this.parts.elapsedMs);
      turns.set(push.source, turn);
      await this.#sortInTurn(openPush(push), turn, batches);
    }
    this.#cursor = last.id;
    await batches.end(this.#sortedUpTo());
    return isFull(pushes);
  }

  async #sortOfNextBehind(cursor: number): Promise<void> {
    const [source, { at, open }] = this.#nextBehind() ?? [undefined, {} as Behind];
    if (source === undefined) return;
    const batches = this.#batches();
    const turn = new Turn(this.parts.elapsedMs);
    this.#behind.delete(source);
    const pushes = open ? [open] : await this.#readOf(source, at, cursor);
    let caughtUpTo = at;
    for (const push of pushes) {
      if (this.#behind.has(source)) break;
      await this.#sortInTurn(push, turn, batches);
      caughtUpTo = push.id;
    }
    // It goes to the end of the queue, unless nothing of it is left before the others.
    if (!this.#behind.has(source) && pushes.length > 0) this.#behind.set(source, { at: caughtUpTo });
    await batches.end(this.#sortedUpTo());
  }

  async #readOf(source: string, after: number, upTo: number): Promise<OpenPush[]> {
    const pushes = await this.parts.inbox.read(after, maxPushes, maxBytes, { only: source });
    return pushes.filter(({ id }) => id <= upTo).map(openPush);
  }

  /** Sorts of a push what fits into the turn. Where that is not all, the source is behind with the rest of it. */
  async #sortInTurn(push: OpenPush, turn: Turn, batches: Batches): Promise<void> {
    const { id, source, pieces } = push;
    for (;;) {
      const piece = turn.take(() => pieces.next());
      if (piece.done) break;
      await batches.add(piece.value);
      if (!turn.isOver) continue;
      const isOther = [...this.#behind.values()].some(({ open }) => open);
      // Begun anew later on: what of it is journaled then is a duplicate.
      this.#behind.set(source, isOther ? { at: id - 1 } : { at: id - 1, open: push });
      return;
    }
    if (turn.isOver) this.#behind.set(source, { at: id });
  }

  /** The one whose push is open, or else the one that has waited longest. */
  #nextBehind(): [string, Behind] | undefined {
    const waiting = [...this.#behind];
    return waiting.find(([, { open }]) => open) ?? waiting[0];
  }

  #sortedUpTo(): number {
    return Math.min(this.#cursor ?? 0, ...[...this.#behind.values()].map(({ at }) => at));
  }

  /** While one batch is written, the next is read and sorted. */
  #batches(): Batches {
    const { journalWriter, onSorted } = this.parts;
    return new Batches((batch: SortedBatch) =>
      this.#writes.begin(async () => {
        onSorted(await journalWriter.append(batch));
      }),
    );
  }
}

/** A source that the others went past. */
interface Behind {
  /** Every push of it with an id up to this is sorted. */
  readonly at: number;
  /** The next one, where some of it is sorted. */
  readonly open?: OpenPush;
}

interface OpenPush {
  readonly id: number;
  readonly source: string;
  readonly pieces: Iterator<SortedPush>;
}

function openPush(push: StoredPush): OpenPush {
  return { id: push.id, source: push.source, pieces: sortInPieces(push, pieceBounds) };
}

/** What one source may take. */
class Turn {
  #spentMs = 0;

  constructor(private readonly elapsedMs: () => number) {}

  take<T>(work: () => T): T {
    const begunAt = this.elapsedMs();
    const result = work();
    this.#spentMs += this.elapsedMs() - begunAt;
    return result;
  }

  get isOver(): boolean {
    return this.#spentMs >= turnMs;
  }
}

function isFull(pushes: readonly StoredPush[]): boolean {
  if (pushes.length >= maxPushes) return true;
  let bytes = 0;
  for (const { body } of pushes) bytes += body.byteLength;
  return bytes > maxBytes / 2;
}

/**
 * Reads every push that is still kept once more, up to where the sorter stands, and journals what is
 * missing: after an upgrade that understands more. What was right is a duplicate and stays as it is.
 */
export async function sortAgain(
  parts: Omit<SorterParts, 'elapsedMs' | 'onSorted'>,
  onProgress: (pushes: number) => void,
): Promise<AppendResult> {
  const { sorter: end } = await parts.journal.cursors();
  const total = { appended: 0, duplicates: 0, quarantined: 0 };
  const batches = new Batches(async (batch) => {
    const result = await parts.journalWriter.append(batch);
    total.appended += result.appended;
    total.duplicates += result.duplicates;
    total.quarantined += result.quarantined;
  });
  for (let cursor = 0; ;) {
    const pushes = (await parts.inbox.read(cursor, maxPushes, maxBytes)).filter(({ id }) => id <= end);
    const last = pushes.at(-1);
    if (!last) return total;
    for (const push of pushes) for (const piece of sortInPieces(push, pieceBounds)) await batches.add(piece);
    await batches.end();
    cursor = last.id;
    onProgress(pushes.length);
  }
}
