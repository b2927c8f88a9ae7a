import { WriteBehind } from '../domain/write-behind.js';
import { messageTypes } from '../protocol/message.js';
import type { VendorTime } from '../protocol/vendor-time.js';
import { eventTypes, type EntryType, type JournalReader } from '../store/journal.js';
import type { Projection, ProjectionRebuild } from '../store/projection.js';
import { toChanges } from './to-change.js';

const allTypes: readonly EntryType[] = [...messageTypes, ...eventTypes];
const batchEntries = 8_000;

export interface ProjectorParts {
  readonly journal: Pick<JournalReader, 'read' | 'cursors'>;
  readonly projection: Projection;
  readonly toInstant: VendorTime;
}

/** Journal → calls and recordings, in batches; the cursor moves in the transaction that writes them. */
export class Projector {
  readonly #writes = new WriteBehind();
  #cursor: number | undefined;

  constructor(private readonly parts: ProjectorParts) {}

  /** Projects the next batch; false where the journal holds no whole batch more. */
  async step(): Promise<boolean> {
    const { journal, projection, toInstant } = this.parts;
    try {
      this.#cursor ??= (await journal.cursors()).projector;
      const entries = await journal.read(this.#cursor, batchEntries, allTypes);
      const last = entries.at(-1);
      const hasMore = entries.length === batchEntries;
      if (last) {
        const changes = toChanges(entries, toInstant);
        // While this batch is written, the next is read.
        await this.#writes.begin(() => projection.apply(changes, last.seq));
        this.#cursor = last.seq;
      }
      if (!hasMore) await this.#writes.settle();
      return hasMore;
    } catch (error) {
      this.#cursor = undefined;
      throw error;
    }
  }
}

/**
 * Builds calls and recordings anew from the journal's beginning while the old ones stay in use, and
 * replaces them. It goes as far as the projector has come, which then goes on by itself: new and old have
 * seen the same entries and can be compared. Interrupted, it leaves everything as it was.
 */
export async function rebuildProjection(
  { journal, rebuild, toInstant }: Omit<ProjectorParts, 'projection'> & { rebuild: ProjectionRebuild },
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  await rebuild.begin();
  let cursor = 0;
  let folded = 0;
  do {
    const { projector: end } = await journal.cursors();
    while (cursor < end) {
      const read = await journal.read(cursor, batchEntries, allTypes);
      const entries = read.filter(({ seq }) => seq <= end);
      await rebuild.apply(toChanges(entries, toInstant));
      cursor = entries.at(-1)?.seq ?? end;
      folded += entries.length;
      onProgress(cursor, end);
    }
  } while (!(await rebuild.finish(cursor)));
  return folded;
}
