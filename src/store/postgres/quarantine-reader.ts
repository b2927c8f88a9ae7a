import type {
  QuarantineBody,
  QuarantineFilter,
  QuarantineItem,
  QuarantineKind,
  QuarantineReader,
} from '../quarantine.js';
import { countQuarantineSql } from '../rows/made-up-calls.js';
import { kindsSql, quarantineChosen, toQuarantineKind } from '../rows/quarantine-filter.js';
import { toQuarantineBody, toQuarantineItem, toQuarantineNumber } from '../rows/quarantine-row.js';
import type { Database } from './database.js';

const itemColumns = 'id, received_at, source, reason, bytes, substring(body FROM 1 FOR 800) AS head';

export class QuarantineTableReader implements QuarantineReader {
  constructor(private readonly database: Database) {}

  async list({
    limit,
    after,
    ...filter
  }: QuarantineFilter & {
    limit: number;
    after?: string;
  }): Promise<{ items: QuarantineItem[]; next?: string }> {
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : toQuarantineNumber(after);
    const { sql, values } = quarantineChosen(filter, (place) => `$${place}`);
    const [first, second] = [values.length + 1, values.length + 2];
    const { rows } = await this.database.run(
      `SELECT ${itemColumns} FROM quarantine WHERE ${sql} AND id < $${first} ORDER BY id DESC LIMIT $${second}`,
      [...values, before, limit + 1],
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

  async kinds(filter: QuarantineFilter): Promise<QuarantineKind[]> {
    const { sql, values } = quarantineChosen(filter, (place) => `$${place}`);
    const { rows } = await this.database.run(kindsSql(sql), values);
    return rows.map(toQuarantineKind);
  }

  async count(): Promise<number> {
    const { rows } = await this.database.run(countQuarantineSql);
    return rows[0]?.['count'] as number;
  }
}
