import type { MessageType } from '../../protocol/message.js';
import type { InboxReader, SourceChoice, StoredPush } from '../inbox.js';
import { Connection, type Row } from './connection.js';

/**
 * Reads the inbox through a connection of its own, so that no reader ever holds up the writer. Where the file
 * was moved away, the writer makes a new one: the next read is of that.
 */
export class InboxFileReader implements InboxReader {
  #opened: Connection | undefined;

  constructor(private readonly file: string) {
    this.#opened = this.#open();
  }

  read(after: number, maxPushes: number, maxBytes: number, of?: SourceChoice): Promise<StoredPush[]> {
    const connection = this.#connection;
    const chosen = chosenSql(of);
    // Lengths first: SQLite reads a blob's size without reading the blob, and a page of 64 MiB bodies must not come at once.
    const sizes = connection
      .prepare(`SELECT id, length(body) AS bytes FROM pushes WHERE id > ?${chosen.sql} ORDER BY id LIMIT ?`)
      .all(after, ...chosen.values, maxPushes);
    let total = 0;
    let last: number | undefined;
    for (const { id, bytes } of sizes) {
      total += Number(bytes);
      if (last !== undefined && total > maxBytes) break;
      last = Number(id);
    }
    if (last === undefined) return Promise.resolve([]);
    const rows = connection
      .prepare(`SELECT * FROM pushes WHERE id > ? AND id <= ?${chosen.sql} ORDER BY id`)
      .all(after, last, ...chosen.values);
    return Promise.resolve(rows.map(toPush));
  }

  backlog(after: number): Promise<{ pending: number; oldestAt?: number }> {
    // Ids are dense between deletions, and deletions stop at what is sorted: the distance is the count. Two
    // subqueries are two look-ups in the table's tree; both aggregates in one query would read every row.
    const connection = this.#connection;
    const bounds = connection
      .prepare(
        `SELECT (SELECT min(id) FROM pushes WHERE id > ?) AS first, (SELECT max(id) FROM pushes WHERE id > ?) AS last`,
      )
      .get(after, after);
    if (bounds?.['first'] == null) return Promise.resolve({ pending: 0 });
    const oldest = connection.prepare('SELECT received_at FROM pushes WHERE id = ?').get(bounds['first']);
    return Promise.resolve({
      pending: Number(bounds['last']) - Number(bounds['first']) + 1,
      oldestAt: Number(oldest?.['received_at']),
    });
  }

  check(): string {
    return this.#connection.quickCheck();
  }

  close(): void {
    this.#opened?.close();
    this.#opened = undefined;
  }

  get #connection(): Connection {
    if (this.#opened?.isInPlace() === false) this.close();
    return (this.#opened ??= this.#open());
  }

  #open(): Connection {
    return new Connection(this.file, { readOnly: true, busyTimeoutMs: 2_000, cacheKiB: 2 * 1024 });
  }
}

function chosenSql(of: SourceChoice | undefined): { sql: string; values: string[] } {
  if (of === undefined || ('without' in of && of.without.length === 0)) return { sql: '', values: [] };
  if ('only' in of) return { sql: ' AND source = ?', values: [of.only] };
  return {
    sql: ' AND source NOT IN (SELECT value FROM json_each(?))',
    values: [JSON.stringify(of.without)],
  };
}

function toPush(row: Row): StoredPush {
  return {
    id: row['id'] as number,
    receivedAt: row['received_at'] as number,
    source: row['source'] as string,
    remoteAddress: row['remote_address'] as string,
    body: row['body'] as Uint8Array,
    ...(row['path_type'] === null ? {} : { pathType: row['path_type'] as MessageType }),
    ...(row['content_encoding'] === null ? {} : { contentEncoding: row['content_encoding'] as string }),
    ...(row['charset'] === null ? {} : { charset: row['charset'] as string }),
    ...(row['key'] === null ? {} : { key: row['key'] as string }),
  };
}
