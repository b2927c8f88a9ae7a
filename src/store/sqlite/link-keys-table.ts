import type { LinkKey, LinkKeysReader, LinkKeysWriter } from '../link-keys.js';
import { toLinkKey } from '../rows/link-key-row.js';
import type { Connection } from './connection.js';
import type { Synchronous } from './synchronous.js';

/** Keys that sign links to recordings: a handful of rows, read and written on whichever connection. */
export class LinkKeysTable implements Synchronous<LinkKeysReader>, Synchronous<LinkKeysWriter> {
  constructor(private readonly connection: Connection) {}

  rotate({ id, secret, createdAt, expiresAt }: LinkKey, othersUntil: number): void {
    this.connection.transaction(() => {
      const { changes } = this.connection
        .prepare('INSERT INTO link_keys VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
        .run(id, secret, createdAt, expiresAt ?? null);
      if (changes === 0) return;
      this.connection
        .prepare('UPDATE link_keys SET expires_at = min(coalesce(expires_at, ?1), ?1) WHERE id <> ?2')
        .run(othersUntil, id);
    });
  }

  list(): LinkKey[] {
    return this.connection
      .prepare('SELECT * FROM link_keys ORDER BY created_at DESC, id DESC')
      .all()
      .map(toLinkKey);
  }
}
