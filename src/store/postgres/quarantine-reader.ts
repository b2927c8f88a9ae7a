import type { QuarantineBody, QuarantineItem, QuarantineReader } from '../quarantine.js';
import { toQuarantineBody, toQuarantineItem, toQuarantineNumber } from '../rows/quarantine-row.js';
import type { Database } from './database.js';

const itemColumns = 'id, received_at, source, reason, bytes, substring(body FROM 1 FOR 800) AS head';

export class QuarantineTableReader implements QuarantineReader {
  constructor(private readonly database: Database) {}

  async list({
    limit,
    after,
  }: {
    limit: number;
    after?: string;
  }): Promise<{ items: QuarantineItem[]; next?: string }> {
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : toQuarantineNumber(after);
    const { rows } = await this.database.run(
      `SELECT ${itemColumns} FROM quarantine WHERE body IS NOT NULL AND id < $1 ORDER BY id DESC LIMIT $2`,
      [before, limit + 1],
    );
    const page = rows.slice(0, limit).map(toQuarantineItem);
    const last = page.at(-1);
    return rows.length > limit && last ? { items: page, next: last.id } : { items: page };
  }

  async get(id: string): Promise<QuarantineBody | undefined> {
    const { rows } = await this.database.run(
      `SELECT ${itemColumns}, item_index, path_type, body FROM quarantine WHERE id = $1 AND body IS NOT NULL`,
      [toQuarantineNumber(id)],
    );
    return rows[0] && toQuarantineBody(rows[0]);
  }

  async count(): Promise<number> {
    const { rows } = await this.database.run(
      'SELECT count(*) AS count FROM quarantine WHERE body IS NOT NULL',
    );
    return rows[0]?.['count'] as number;
  }
}
