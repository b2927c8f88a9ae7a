import { existsSync, renameSync } from 'node:fs';
import type { Clock } from '../../domain/clock.js';
import type { SourceDiscard, SpoolBounds, SpoolUsage } from '../inbox.js';
import { StoreError } from '../store-error.js';
import { Connection, migrate, type SqlValue } from './connection.js';
import type { PackedPushes } from './packed-rows.js';
import { readUsage, refuseBeyond, shrinkIfEmptied } from './spool-room.js';

export interface InboxFile {
  readonly file: string;
  /** Ids go on beyond this, in a new file or an older one put back: what is called sorted must not hide new pushes. */
  readonly idsBeyond: number;
  /** Of an inbox that pushes wait in for a database elsewhere; without, the disk is the bound. */
  readonly bounds?: SpoolBounds;
}

const insertSql = `INSERT INTO pushes (received_at, source, path_type, remote_address, content_encoding, body, key, charset)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * The inbox's one writer. After any failure but a busy lock the connection is opened anew on the next
 * append: SQLite's own state after a failed fsync is not to be trusted, and an operator who freed space
 * or moved a broken file away should not have to restart anything. Whether it was moved is asked after each
 * commit: before, it could still happen in between.
 */
export class InboxFileWriter {
  #connection: Connection | undefined;
  /** The last id given by any file so far: a new one goes on beyond it, whatever the clock says by then. */
  #lastId: number;

  constructor(
    private readonly options: InboxFile,
    private readonly clock: Clock,
  ) {
    this.#lastId = options.idsBeyond;
  }

  append(pushes: PackedPushes): void {
    this.#keepWithinBounds(pushes.bodies.byteLength);
    this.#write((connection) => {
      const insert = connection.prepare(insertSql);
      let offset = 0;
      for (const head of pushes.heads) {
        const body = pushes.bodies.subarray(offset, (offset += head.bytes));
        const { lastInsertRowid } = insert.run(
          head.receivedAt,
          head.source,
          head.pathType ?? null,
          head.remoteAddress,
          head.contentEncoding ?? null,
          body,
          head.key ?? null,
          head.charset ?? null,
        );
        this.#lastId = Number(lastInsertRowid);
      }
      // Pages are never full to the last byte: what was sure to fit by its bytes may be a page too much.
      this.#keepWithinBounds(0);
    });
  }

  probe(): void {
    this.#keepWithinBounds(0);
    this.#write((connection) => {
      connection.prepare('UPDATE probe SET at = ?').run(this.clock());
    });
  }

  discard(request: { sortedUpTo: number; receivedBefore: number; limit: number }): number {
    const connection = this.#open();
    const values: SqlValue[] = [request.sortedUpTo, request.receivedBefore, request.limit];
    return connection
      .prepare(
        `DELETE FROM pushes WHERE id IN (
         SELECT id FROM pushes WHERE id <= ? AND received_at < ? ORDER BY id LIMIT ?)`,
      )
      .run(...values).changes;
  }

  discardOf({ source, after, sortedUpTo, limit }: SourceDiscard): number | undefined {
    const connection = this.#open();
    const stretch = connection
      .prepare(
        `SELECT max(id) AS last, count(*) AS looked_at
         FROM (SELECT id FROM pushes WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)`,
      )
      .get(after, sortedUpTo, limit);
    const last = stretch?.['last'] as number | null | undefined;
    if (last == null) return undefined;
    connection.prepare('DELETE FROM pushes WHERE id > ? AND id <= ? AND source = ?').run(after, last, source);
    return stretch?.['looked_at'] === limit ? last : undefined;
  }

  /** Without waiting for the disk: a push that comes back with a loss of power is drained once more. */
  remove(first: number, last: number): void {
    const connection = this.#open();
    try {
      connection.briefTransaction(() => {
        connection.prepare('DELETE FROM pushes WHERE id BETWEEN ? AND ?').run(first, last);
      });
      shrinkIfEmptied(connection);
    } catch (error) {
      this.#distrust(error);
      throw error;
    }
  }

  usage(): SpoolUsage {
    return readUsage(this.#open());
  }

  checkpoint(): void {
    this.#connection?.checkpoint();
  }

  /** Opens the file if it is not open: the first call at start, so that the first push need not wait for it. */
  open(): void {
    this.#open();
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #open(): Connection {
    if (!this.#connection) {
      setOrphansAside(this.options.file, this.clock());
      const connection = new Connection(this.options.file, { busyTimeoutMs: 600, cacheKiB: 2 * 1024 });
      try {
        migrateInbox(connection, Math.max(this.#lastId, this.clock() * 1000));
        goOnBeyond(connection, this.#lastId);
        this.#lastId = lastIdIn(connection);
      } catch (error) {
        connection.close();
        throw error;
      }
      this.#connection = connection;
    }
    return this.#connection;
  }

  #keepWithinBounds(incoming: number): void {
    if (this.options.bounds) refuseBeyond(this.#open(), this.options.bounds, incoming);
  }

  #write(work: (connection: Connection) => void): void {
    const connection = this.#open();
    try {
      connection.transaction(() => {
        work(connection);
      });
      if (!connection.isInPlace()) {
        throw new StoreError('io', `${this.options.file} was moved away while it was in use`);
      }
    } catch (error) {
      this.#distrust(error);
      throw error;
    }
  }

  #distrust(error: unknown): void {
    if (error instanceof StoreError && error.kind === 'busy') return;
    try {
      this.close();
    } catch {
      // The connection was broken: that is why it is closed.
      this.#connection = undefined;
    }
  }
}

function goOnBeyond(connection: Connection, id: number): void {
  connection.prepare(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'pushes' AND seq < ?`).run(id, id);
}

function lastIdIn(connection: Connection): number {
  const row = connection.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'pushes'`).get();
  return Number(row?.['seq'] ?? 0);
}

/**
 * A log whose database was moved away without it. A new database would share the old one's shared memory
 * with connections that are still open, and its log would be deleted with the pushes in it: both are put
 * beside, by a name that says what they are.
 */
function setOrphansAside(file: string, now: number): void {
  if (existsSync(file)) return;
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, `${file}-orphaned-${now}${suffix}`);
  }
}

/**
 * The inbox is a file of its own, with one table: pushes as received. AUTOINCREMENT, because the sorter's
 * cursor is an id: an id must never come again, even after every push was deleted.
 */
export function migrateInbox(connection: Connection, idsBeyond: number): void {
  migrate(connection, 'inbox', [
    `CREATE TABLE pushes (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       received_at INTEGER NOT NULL,
       source TEXT NOT NULL,
       path_type TEXT,
       remote_address TEXT NOT NULL,
       content_encoding TEXT,
       body BLOB NOT NULL
     ) STRICT;
     CREATE TABLE probe (at INTEGER NOT NULL) STRICT;
     INSERT INTO probe VALUES (0);
     INSERT INTO sqlite_sequence (name, seq) VALUES ('pushes', ${Math.trunc(idsBeyond)});`,
    // Only pushes on their way to a database elsewhere have one.
    'ALTER TABLE pushes ADD COLUMN key TEXT',
    'ALTER TABLE pushes ADD COLUMN charset TEXT',
  ]);
}
