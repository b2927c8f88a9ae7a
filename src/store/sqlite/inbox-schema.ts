import type { Connection } from './connection.js';
import { migrate } from './migrate.js';

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
