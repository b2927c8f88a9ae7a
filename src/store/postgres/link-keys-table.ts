import type { LinkKey, LinkKeysReader, LinkKeysWriter } from '../link-keys.js';
import { toLinkKey } from '../rows/link-key-row.js';
import type { Database } from './database.js';

/** Keys that sign links to recordings: a handful of rows. */
export class LinkKeysTable implements LinkKeysReader, LinkKeysWriter {
  constructor(private readonly database: Database) {}

  async rotate({ id, secret, createdAt, expiresAt }: LinkKey, othersUntil: number): Promise<void> {
    await this.database.transaction(async ({ run }) => {
      // Of two rotations at a time the second finds the key of the first, and lets it expire.
      await run('LOCK TABLE link_keys IN SHARE ROW EXCLUSIVE MODE');
      const { changes } = await run('INSERT INTO link_keys VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
        id,
        secret,
        createdAt,
        expiresAt ?? null,
      ]);
      if (changes === 0) return;
      await run('UPDATE link_keys SET expires_at = least(expires_at, $1) WHERE id <> $2', [othersUntil, id]);
    });
  }

  async list(): Promise<LinkKey[]> {
    const { rows } = await this.database.run(
      'SELECT * FROM link_keys ORDER BY created_at DESC, id COLLATE "C" DESC',
    );
    return rows.map(toLinkKey);
  }
}
