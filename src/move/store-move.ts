import {
  copiedSections,
  type ChangingSection,
  type CopiedRow,
  type CopiedSection,
  type CopyCounts,
  type CopySource,
  type CopyTarget,
  type WhichIds,
} from '../store/copying.js';
import { recordingEventTypes, type JournalReader } from '../store/journal.js';
import { checkJournal } from './check-journal.js';
import { differencesBetween } from './count-differences.js';
import { isSameRow } from './same-row.js';

export interface StoreMoveParts {
  readonly source: CopySource;
  readonly sourceJournal: Pick<JournalReader, 'read' | 'lastSeq'>;
  readonly target: CopyTarget;
  /** What is at the target so far. */
  readonly copied: CopySource;
  /** Builds calls and recordings at the target from the entries that are there; returns the last one's seq. */
  readonly project: () => Promise<number>;
  readonly onProgress: (part: MovePart, done: number, total: number) => void;
}

export type MovePart = CopiedSection | 'calls' | 'recordings' | 'check';

const pageRows = 2_000;
const idsPerPage = 100_000;
/**
 * In PostgreSQL an id may be given out before a smaller one is there to be seen. So at rest each section is copied
 * once more from this many ids before where it had come to; what is there already is written again, unchanged.
 */
const overlap = 20_000;
/** Sections whose ids are told by a sequence, pushes apart: those are read up to where the sorter has come. */
const sequenced: readonly CopiedSection[] = ['quarantine', 'attempts', 'deliveries', 'deliveryAttempts'];

/**
 * Copies a store into another, in two phases.
 *
 * `catchUp` runs beside a server that works on the source, as often as one likes. It copies what only grows: entries,
 * sorted pushes, attempts; and deliveries and quarantine as they are at that moment. Calls and recordings are built
 * from the entries, and then get the state that they have at the source. Interrupted anywhere, the next run goes on
 * behind the last row that is there.
 *
 * `settle` needs the source at rest. It copies the rest, and then what may have changed since it was copied, which is
 * told by the rows themselves, so that nothing has to be remembered from one run to the next: deliveries that are
 * pending at the target, or were replayed since; what is in quarantine there; recordings that are open on either side,
 * or of which an event has told. What the source has forgotten meanwhile is found by counting.
 */
export class StoreMove {
  readonly #positions = new Map<CopiedSection, number>();
  /** Recordings are as they are at the source but for what entries beyond this one, and open rows, say. */
  #recordingsUpTo: number | undefined;
  /** Of the rows that are there, those that were replayed by a delivery with an id up to this say so. */
  #replayedUpTo = 0;
  #totals: CopyCounts | undefined;
  #rowsBefore: CopyCounts = {};
  #checkedUpTo = 0;
  #digest = '';

  constructor(private readonly parts: StoreMoveParts) {}

  /** One round. Returns how many rows were copied. */
  async catchUp(): Promise<number> {
    const { source, target, copied } = this.parts;
    const { sortedUpTo, lastIds } = await source.readSmall();
    if (this.#totals) return await this.#copyAll(sortedUpTo);
    this.#totals = await source.counts();
    this.#rowsBefore = await copied.counts();
    const hadDeliveries = (await target.last('deliveries')) > 0;
    const rows = await this.#copyAll(sortedUpTo);
    // What an earlier run has copied may have been replayed since.
    if (hadDeliveries) await this.#refresh('deliveries', source, { replayedSince: 0 });
    this.#replayedUpTo = lastIds.deliveries;
    return rows;
  }

  /** Of a source at rest. */
  async settle(): Promise<void> {
    for (const section of sequenced) {
      this.#positions.set(section, Math.max(0, (await this.#position(section)) - overlap));
    }
    await this.#copyAll(Number.MAX_SAFE_INTEGER);
    const { source, target, copied } = this.parts;
    await this.#refresh('quarantine', copied, 'open');
    await this.#refresh('deliveries', copied, 'open');
    await this.#refresh('deliveries', source, { replayedSince: this.#replayedUpTo });
    await this.#refresh('recordings', source, 'open');
    await this.#refresh('recordings', copied, 'open');
    await target.replaceSmall(await source.readSmall());
    await this.#reconcile();
  }

  /** Compares what is in both journals beyond what was compared before. Returns the seq that differs, if one does. */
  async checkJournal(): Promise<number | undefined> {
    const { source, copied, onProgress } = this.parts;
    const lastSeq = await this.parts.sourceJournal.lastSeq();
    const checked = await checkJournal(
      source,
      copied,
      { after: this.#checkedUpTo, digest: this.#digest },
      (seq) => {
        onProgress('check', seq, lastSeq);
      },
    );
    this.#checkedUpTo = checked.after;
    this.#digest = checked.digest;
    return checked.differsAt;
  }

  /** Of a settled copy: which counts differ. */
  async compareCounts(): Promise<string[]> {
    const { source, copied } = this.parts;
    return differencesBetween(await source.counts(), await copied.counts());
  }

  /** SHA-256 over the entries that were compared, in order; hex. */
  get digest(): string {
    return this.#digest;
  }

  async #copyAll(pushesUpTo: number): Promise<number> {
    let rows = 0;
    for (const section of copiedSections) {
      rows += await this.#copyNew(section, section === 'pushes' ? pushesUpTo : Number.MAX_SAFE_INTEGER);
    }
    this.parts.onProgress('calls', 0, 1);
    const projectedUpTo = await this.parts.project();
    this.parts.onProgress('calls', 1, 1);
    await this.#refreshRecordings(projectedUpTo);
    return rows;
  }

  async #copyNew(section: CopiedSection, upTo: number): Promise<number> {
    const { source, target, onProgress } = this.parts;
    let rows = 0;
    for (let after = await this.#position(section); ;) {
      const page = await source.read(section, after, pageRows);
      const wanted = page.filter((row) => numberIn(section, row) <= upTo);
      if (wanted.length > 0) await target.write(section, wanted);
      after = wanted.reduce((last, row) => Math.max(last, numberIn(section, row)), after);
      this.#positions.set(section, after);
      rows += wanted.length;
      if (wanted.length > 0) onProgress(section, ...this.#shareOf(section, rows));
      if (page.length === 0 || wanted.length < page.length) return rows;
    }
  }

  async #position(section: CopiedSection): Promise<number> {
    let position = this.#positions.get(section);
    if (position === undefined) {
      position = await this.parts.target.last(section);
      this.#positions.set(section, position);
    }
    return position;
  }

  #shareOf(section: CopiedSection, copied: number): [done: number, total: number] {
    const rowsIn = (counts: CopyCounts | undefined): number =>
      Number(counts?.[`${tableOf(section)}.rows`] ?? 0);
    const done = rowsIn(this.#rowsBefore) + copied;
    return [done, Math.max(done, rowsIn(this.#totals))];
  }

  /** All of them once; later those of which an event has told. The others are open, or as they were. */
  async #refreshRecordings(projectedUpTo: number): Promise<void> {
    const since = this.#recordingsUpTo;
    if (since === undefined) await this.#copyRecordings(projectedUpTo);
    else await this.#copyToldRecordings(since, projectedUpTo);
    this.#recordingsUpTo = projectedUpTo;
  }

  async #copyRecordings(upTo: number): Promise<void> {
    const { source, target, onProgress } = this.parts;
    for (let after = 0; after < upTo;) {
      const page = await source.read('recordings', after, pageRows);
      if (page.length === 0) return;
      await target.write('recordings', page);
      after = Math.max(...page.map((row) => row['id'] as number));
      onProgress('recordings', Math.min(after, upTo), upTo);
    }
  }

  async #copyToldRecordings(since: number, upTo: number): Promise<void> {
    const { source, sourceJournal, target } = this.parts;
    for (let after = since; after < upTo;) {
      const events = await sourceJournal.read(after, pageRows, recordingEventTypes);
      const last = events.at(-1);
      if (!last) return;
      const ids = new Set(events.map(({ text }) => recordingIn(text)));
      await target.write('recordings', await source.readAgain('recordings', [...ids]));
      after = last.seq;
    }
  }

  /** Copies again the rows that `where` has under these ids, as far as they have changed: most have not, and reading is cheap. */
  async #refresh(section: ChangingSection, where: CopySource, which: WhichIds): Promise<void> {
    const { source, target, copied } = this.parts;
    for (let after = 0; ;) {
      const ids = await where.ids(section, which, after, pageRows);
      const last = ids.at(-1);
      if (last === undefined) return;
      const there = new Map((await copied.readAgain(section, ids)).map((row) => [row['id'], row]));
      const rows = (await source.readAgain(section, ids)).filter((row) => {
        const known = there.get(row['id'] ?? null);
        return !known || !isSameRow(row, known);
      });
      if (rows.length > 0) await target.write(section, rows);
      after = last;
    }
  }

  /** Sections that do not have the same rows: the source has forgotten some (pushes, probes, what belonged to a removed endpoint). */
  async #reconcile(): Promise<void> {
    for (const section of await this.#unequalSections()) await this.#prune(section);
    for (const section of await this.#unequalSections()) {
      this.#positions.set(section, 0);
      if (section !== 'journal') await this.#copyNew(section, Number.MAX_SAFE_INTEGER);
    }
  }

  async #unequalSections(): Promise<CopiedSection[]> {
    const differences = await this.compareCounts();
    const tables = new Set(differences.map((difference) => difference.split('.')[0]));
    return copiedSections.filter((section) => tables.has(tableOf(section)));
  }

  async #prune(section: CopiedSection): Promise<void> {
    const { source, target } = this.parts;
    for (let after = 0; ;) {
      const ids = await source.ids(section, 'all', after, idsPerPage);
      const upTo = ids.at(-1) ?? Number.MAX_SAFE_INTEGER;
      await target.prune(section, after, upTo, ids);
      if (ids.length === 0) return;
      after = upTo;
    }
  }
}

/** The name that its counts go by. */
function tableOf(section: CopiedSection): string {
  if (section === 'auditLog') return 'audit_log';
  return section === 'deliveryAttempts' ? 'delivery_attempts' : section;
}

function numberIn(section: CopiedSection, row: CopiedRow): number {
  return row[section === 'journal' || section === 'auditLog' ? 'seq' : 'id'] as number;
}

/** The number of the recording that an event of ours tells of. */
function recordingIn(text: string): number {
  const { recordingId } = JSON.parse(text) as { recordingId: string };
  return Number(recordingId.slice(1));
}
