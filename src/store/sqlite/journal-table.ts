import { createHash } from 'node:crypto';
import type { AppendResult, JournalWriter, NewMessage, NewQuarantineItem, SortedBatch } from '../journal.js';
import { firstEventNumber, toTypeNumber } from '../rows/entry-row.js';
import { erasedEvent, type NewEvent } from '../rows/recording-events.js';
import type { Connection, SqlValue, Synchronous } from './connection.js';
import { type PackedRows, packRows } from './packed-rows.js';

export const insertEventSql = `INSERT INTO journal (type, call_id, digest, received_at, source, text) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Packed messages, in their order; their seqs follow each other. */
export const insertMessagesSql = `INSERT INTO journal (type, call_id, digest, received_at, source, text)
  SELECT value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each(?) WHERE true
  ON CONFLICT DO NOTHING`;

const quarantineSql = `INSERT INTO quarantine (push_id, item_index, received_at, source, path_type, reason, bytes, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

/** The id of a call (its place in `calls`) by its callId: the seq of the first message that told of it. */
export const idOfCallSql = `SELECT min(seq) AS id FROM journal WHERE call_id = ? AND type < ${firstEventNumber}`;

/** A batch on its way to the store's thread. */
export interface PackedBatch extends Omit<SortedBatch, 'messages'> {
  readonly messages: readonly PackedRows[];
}

export function packBatch({ messages, ...rest }: SortedBatch): PackedBatch {
  return { ...rest, messages: packMessages(messages) };
}

export function packMessages(messages: readonly NewMessage[]): PackedRows[] {
  return packRows(messages, toRow);
}

/** As `insertMessagesSql` reads it. */
function toRow({ type, callId, digest, receivedAt, source, text }: NewMessage): unknown[] {
  return [
    toTypeNumber(type),
    callId,
    Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('hex'),
    receivedAt,
    source,
    text,
  ];
}

/** Writes of the sorter, on the store's one writing connection. */
export class JournalTable implements Synchronous<JournalWriter> {
  constructor(private readonly connection: Connection) {}

  append(batch: SortedBatch): AppendResult {
    return this.appendPacked(packBatch(batch));
  }

  appendPacked(batch: PackedBatch): AppendResult {
    return this.connection.transaction(() => {
      const result = this.#insert(batch.messages);
      const quarantined = this.#quarantine(batch.quarantined);
      if (batch.sortedUpTo !== undefined) setCursor(this.connection, 'sorter', batch.sortedUpTo);
      return { ...result, quarantined };
    });
  }

  noteErasure(source: string, now: number): void {
    this.connection.transaction(() => appendEvent(this.connection, erasedEvent(source, now)));
  }

  #insert(packed: readonly PackedRows[]): { appended: number; duplicates: number } {
    const insert = this.connection.prepare(insertMessagesSql);
    const result = { appended: 0, duplicates: 0 };
    for (const { text, count } of packed) {
      const { changes } = insert.run(text);
      result.appended += changes;
      result.duplicates += count - changes;
    }
    return result;
  }

  #quarantine(items: readonly NewQuarantineItem[]): number {
    const insert = this.connection.prepare(quarantineSql);
    let quarantined = 0;
    for (const item of items) {
      const { pushId, itemIndex, receivedAt, source, pathType, reason, body } = item;
      const values: SqlValue[] = [
        pushId,
        itemIndex,
        receivedAt,
        source,
        pathType ?? null,
        reason,
        body.length,
        body,
      ];
      quarantined += insert.run(...values).changes;
    }
    return quarantined;
  }
}

/** Appends one of our own events; the caller holds the transaction. */
export function appendEvent(connection: Connection, event: NewEvent): void {
  connection.prepare(insertEventSql).run(...toEventValues(event));
}

/** As `insertEventSql` takes it. */
export function toEventValues({
  type,
  callId,
  at,
  identity,
  body,
}: NewEvent): (string | number | Uint8Array)[] {
  const digest = createHash('sha256').update(identity).digest().subarray(0, 16);
  return [toTypeNumber(type), callId, digest, at, 'earshot', JSON.stringify(body)];
}

export function setCursor(connection: Connection, name: 'sorter' | 'projector', position: number): void {
  connection
    .prepare(
      'INSERT INTO cursors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = excluded.position',
    )
    .run(name, position);
}

/** 0 where the consumer has not begun. */
export function readCursor(connection: Connection, name: 'sorter' | 'projector'): number {
  const row = connection.prepare('SELECT position FROM cursors WHERE name = ?').get(name);
  return (row?.['position'] as number | undefined) ?? 0;
}
