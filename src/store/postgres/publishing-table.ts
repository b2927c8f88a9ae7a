import { recordFileReference } from '../../domain/published-recording.js';
import type { NewMessage } from '../journal.js';
import type { NewPublishedRecording, Published, Publishing } from '../publishing.js';
import { withReference } from '../rows/entry-row.js';
import { archivedEvent } from '../rows/recording-events.js';
import { toRecordingId } from '../rows/recording-row.js';
import type { Database, Transaction } from './database.js';
import {
  appendEntries,
  identityOf,
  monthsOf,
  type NewEntry,
  toCallKey,
  toEventEntry,
  toMessageEntry,
} from './journal-append.js';
import type { Partitions } from './partitions.js';

const knownSql = `
SELECT place, known.seq FROM unnest($1::smallint[], $2::uuid[], $3::uuid[])
  WITH ORDINALITY AS wanted (type, call_key, digest, place)
JOIN journal_identities AS known USING (type, call_key, digest)`;

/** Messages of our own go into the journal as those that were received do, and are told apart by the same identity. */
export class PublishingTable implements Publishing {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  async publish(messages: readonly NewMessage[]): Promise<Published[]> {
    const entries = messages.map(toMessageEntry);
    return await this.#append(entries, async (transaction) => {
      const seqs = await findKnown(transaction, entries);
      const fresh = entries.filter((entry) => !seqs.has(identityOf(entry)));
      const { appended, lastSeq } = await appendEntries(transaction, fresh);
      let seq = lastSeq - appended;
      return entries.map((entry) => {
        const identity = identityOf(entry);
        const known = seqs.get(identity);
        if (known !== undefined) return { seq: known, isNew: false };
        seqs.set(identity, ++seq);
        return { seq, isNew: true };
      });
    });
  }

  async publishRecording({
    message,
    asset,
    flags,
  }: NewPublishedRecording): Promise<Published & { recordingId: string }> {
    const entry = toMessageEntry(message);
    return await this.#append([entry], async (transaction) => {
      const [known] = (await findKnown(transaction, [entry])).values();
      if (known !== undefined) return { seq: known, isNew: false, recordingId: toRecordingId(known) };
      const { rows } = await transaction.run('SELECT last_seq + 1 AS seq FROM journal_head');
      const seq = rows[0]?.['seq'] as number;
      const referring = { ...entry, text: withReference(message.text, recordFileReference(seq)) };
      const about = { id: seq, callId: message.callId, generation: 0 };
      const event = archivedEvent(about, { asset, flags, now: message.receivedAt });
      await appendEntries(transaction, [referring, toEventEntry(event)]);
      return { seq, isNew: true, recordingId: toRecordingId(seq) };
    });
  }

  async #append<T>(entries: readonly NewEntry[], work: (transaction: Transaction) => Promise<T>): Promise<T> {
    await this.partitions.need('journal', monthsOf(entries.map(({ receivedAt }) => receivedAt)));
    return await this.database.transaction(work, { locksJournal: true });
  }
}

/** Seqs of those that the journal has, by their identity. */
async function findKnown({ run }: Transaction, entries: readonly NewEntry[]): Promise<Map<string, number>> {
  const { rows } = await run(knownSql, [
    entries.map(({ type }) => type),
    entries.map(({ callId }) => toCallKey(callId)),
    entries.map(({ digest }) => digest),
  ]);
  return new Map(
    rows.map((row) => {
      const entry = entries[(row['place'] as number) - 1];
      if (!entry) throw new Error('a place that nobody asked for');
      return [identityOf(entry), row['seq'] as number];
    }),
  );
}
