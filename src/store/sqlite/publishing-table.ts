import { recordFileReference } from '../../domain/published-recording.js';
import type { NewMessage } from '../journal.js';
import type { NewPublishedRecording, Published, Publishing } from '../publishing.js';
import { toTypeNumber, withReference } from '../rows/entry-row.js';
import { archivedEvent } from '../rows/recording-events.js';
import { toRecordingId } from '../rows/recording-row.js';
import type { Connection, Synchronous } from './connection.js';
import { appendEvent } from './journal-table.js';

/** Messages of our own go into the journal as those that were received do, and are told apart by the same identity. */
export class PublishingTable implements Synchronous<Publishing> {
  constructor(private readonly connection: Connection) {}

  publish(messages: readonly NewMessage[]): Published[] {
    return this.connection.transaction(() =>
      messages.map((message) => this.#known(message) ?? this.#append(message)),
    );
  }

  publishRecording({ message, asset, flags }: NewPublishedRecording): Published & { recordingId: string } {
    return this.connection.transaction(() => {
      const known = this.#known(message);
      if (known) return { ...known, recordingId: toRecordingId(known.seq) };
      const seq = this.#lastSeq() + 1;
      const recordingId = toRecordingId(seq);
      this.#append({ ...message, text: withReference(message.text, recordFileReference(seq)) });
      appendEvent(
        this.connection,
        archivedEvent(
          { id: seq, callId: message.callId, generation: 0 },
          { asset, flags, now: message.receivedAt },
        ),
      );
      return { seq, isNew: true, recordingId };
    });
  }

  #known({ type, callId, digest }: NewMessage): Published | undefined {
    const row = this.connection
      .prepare('SELECT seq FROM journal WHERE call_id = ? AND type = ? AND digest = ?')
      .get(callId, toTypeNumber(type), digest);
    return row && { seq: row['seq'] as number, isNew: false };
  }

  #append({ type, callId, digest, receivedAt, source, text }: NewMessage): Published {
    const { lastInsertRowid } = this.connection
      .prepare(
        'INSERT INTO journal (type, call_id, digest, received_at, source, text) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(toTypeNumber(type), callId, digest, receivedAt, source, text);
    return { seq: Number(lastInsertRowid), isNew: true };
  }

  #lastSeq(): number {
    return this.connection.prepare('SELECT coalesce(max(seq), 0) AS seq FROM journal').get()?.[
      'seq'
    ] as number;
  }
}
