import type { Entry } from '../journal.js';
import { entryColumns, toEntry } from '../rows/entry-row.js';
import { fromTypeNumber } from '../rows/entry-types.js';
import type { Connection } from './connection.js';

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
