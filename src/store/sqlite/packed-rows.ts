import type { ReceivedPush } from '../inbox.js';
import type { Entry } from '../journal.js';
import { entryColumns, fromTypeNumber, toEntry } from '../rows/entry-row.js';
import { toStoredText } from '../rows/row.js';
import type { Connection } from './connection.js';

/**
 * Rows as they cross to the store's thread, and as its statements take them: JSON arrays in one text,
 * `rowsPerText` of them, read there by `jsonb_each`. Thousands of objects would be taken apart here, put
 * together there, and then handed to SQLite value by value; that cost the store's thread more than SQLite's
 * own work. Texts are bounded, because each is held in three forms while it is read.
 */
export interface PackedRows {
  readonly text: string;
  readonly count: number;
}

const rowsPerText = 1_000;

export function packRows<T>(items: readonly T[], toRow: (item: T) => readonly unknown[]): PackedRows[] {
  const packed: PackedRows[] = [];
  for (let start = 0; start < items.length; start += rowsPerText) {
    const rows = items.slice(start, start + rowsPerText).map(toRow);
    packed.push({ text: toText(rows), count: rows.length });
  }
  return packed;
}

/** The rows of one text, their strings in the form that SQLite keeps (rows/row.ts). */
export function unpackRows(text: string): unknown[][] {
  return JSON.parse(text) as unknown[][];
}

function toText(rows: readonly (readonly unknown[])[]): string {
  const text = JSON.stringify(rows);
  if (!text.includes('\\u0000') && !text.includes('\\ud') && !text.includes('\uFFFE')) return text;
  // Whoever binds this text escapes the mark where it stands as itself: it must not, in here.
  return JSON.stringify(rows, storedValue).replaceAll('\uFFFE', '\\ufffe');
}

function storedValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? toStoredText(value) : value;
}

/**
 * Pushes as they cross to the inbox's thread: all bodies in one block that is moved, not copied. (A body
 * by itself is often a view into a buffer shared with others, and cloning a view clones the whole buffer.)
 */
export interface PackedPushes {
  readonly heads: readonly (Omit<ReceivedPush, 'body'> & { readonly bytes: number })[];
  readonly bodies: Uint8Array<ArrayBuffer>;
}

export function packPushes(pushes: readonly ReceivedPush[]): PackedPushes {
  let total = 0;
  for (const push of pushes) total += push.body.byteLength;
  const bodies = new Uint8Array(total);
  let offset = 0;
  const heads = pushes.map(({ body, ...head }) => {
    bodies.set(body, offset);
    offset += body.byteLength;
    return { ...head, bytes: body.byteLength };
  });
  return { heads, bodies };
}

const recordEnd = '\x1e';
const fieldEnd = '\x1f';
/** Rows that become one text: many enough to share a call, few enough that those with large messages fit a string. */
const rowsPerPiece = 512;

// In JSON neither end can stand as itself; a callId, which is the value of a JSON string, may hold anything.
const packed = `count(*) AS count, max(call_id GLOB '*[${recordEnd}${fieldEnd}]*') AS is_ambiguous,
  group_concat(${['seq', 'type', 'received_at', 'source', 'call_id', 'text'].join(`||'${fieldEnd}'||`)}, '${recordEnd}') AS text`;

/**
 * The first `limit` entries with seq > `after` that `filter` (a condition in SQL) lets pass, ascending. They come out
 * of SQLite as one text a piece and are cut apart here: as row objects, each made and named column by column, they
 * cost the driver twice as much (4.0 against 2.5 µs an entry), and every consumer of the journal reads all of it.
 */
export function readEntries(connection: Connection, after: number, limit: number, filter: string): Entry[] {
  const rows = `SELECT ${entryColumns} FROM journal WHERE seq > ? AND ${filter} ORDER BY seq LIMIT ?`;
  const entries: Entry[] = [];
  for (let at = after; entries.length < limit;) {
    const size = Math.min(rowsPerPiece, limit - entries.length);
    const piece = readPiece(connection, `SELECT ${packed} FROM (${rows})`, at, size);
    const read = piece ?? connection.prepare(rows).all(at, size).map(toEntry);
    for (const entry of read) entries.push(entry);
    const last = read.at(-1);
    if (!last || read.length < size) break;
    at = last.seq;
  }
  return entries;
}

/** Undefined where the rows cannot be told apart in one text, or do not fit one. */
function readPiece(connection: Connection, sql: string, after: number, size: number): Entry[] | undefined {
  try {
    const piece = connection.prepare(sql).get(after, size);
    if (piece?.['count'] === 0) return [];
    return piece?.['is_ambiguous'] === 0 ? cutApart(piece['text'] as string) : undefined;
  } catch {
    // Too large a text: the rows will tell, one by one, if anything else is wrong.
    return undefined;
  }
}

function cutApart(text: string): Entry[] {
  return text.split(recordEnd).map((record) => {
    const fields = record.split(fieldEnd) as [string, string, string, string, string, string];
    return {
      seq: Number(fields[0]),
      type: fromTypeNumber(Number(fields[1])),
      callId: fields[4],
      receivedAt: Number(fields[2]),
      source: fields[3],
      text: fields[5],
    };
  });
}
