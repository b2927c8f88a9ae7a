import type { Entry, EntryType, JournalReader } from '../journal.js';
import type {
  QuarantineBody,
  QuarantineFilter,
  QuarantineItem,
  QuarantineKind,
  QuarantineReader,
} from '../quarantine.js';
import { entryColumns, toEntry } from '../rows/entry-row.js';
import { firstEventNumber, toTypeNumber } from '../rows/entry-types.js';
import { countQuarantineSql } from '../rows/made-up-calls.js';
import { kindsSql, quarantineChosen, toQuarantineKind } from '../rows/quarantine-filter.js';
import { toQuarantineBody, toQuarantineItem, toQuarantineNumber } from '../rows/quarantine-row.js';
import type { Connection } from './connection.js';
import { readEntries } from './packed-entries.js';
import type { Synchronous } from './synchronous.js';

export class JournalTableReader implements Synchronous<JournalReader> {
  constructor(private readonly connection: Connection) {}

  read(after: number, limit: number, types?: readonly EntryType[], maxBytes?: number): Entry[] {
    const filter = types
      ? `type IN (${[...new Set(types)].map(toTypeNumber).sort().join(', ')})`
      : `type < ${firstEventNumber}`;
    const fitting = maxBytes === undefined ? limit : this.#countFitting(after, limit, filter, maxBytes);
    return readEntries(this.connection, after, fitting, filter);
  }

  /** Of no text more than its length is read. */
  #countFitting(after: number, limit: number, filter: string, maxBytes: number): number {
    const found = this.connection
      .prepare(
        `SELECT count(*) AS fitting FROM (
           SELECT sum(bytes) OVER (ORDER BY seq) - bytes AS before FROM (
             SELECT seq, octet_length(text) AS bytes FROM journal WHERE seq > ? AND ${filter} ORDER BY seq LIMIT ?))
         WHERE before < ?`,
      )
      .get(after, limit, maxBytes);
    return found?.['fitting'] as number;
  }

  ofCall(callId: string, withEvents = false): Entry[] {
    const filter = withEvents ? '' : `AND type < ${firstEventNumber}`;
    return this.connection
      .prepare(`SELECT ${entryColumns} FROM journal WHERE call_id = ? ${filter} ORDER BY seq`)
      .all(callId)
      .map(toEntry);
  }

  bySeqs(seqs: readonly number[]): Entry[] {
    const entry = this.connection.prepare(`SELECT ${entryColumns} FROM journal WHERE seq = ?`);
    return seqs.flatMap((seq) => entry.all(seq)).map(toEntry);
  }

  seqAt(at: number): number {
    const receivedAt = this.connection.prepare('SELECT received_at AS at FROM journal WHERE seq = ?');
    let low = 1;
    let high = this.lastSeq() + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((receivedAt.get(middle)?.['at'] as number) >= at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  receivedAfter(after: number): number | undefined {
    const next = 'SELECT received_at AS at FROM journal WHERE seq > ? ORDER BY seq LIMIT 1';
    return this.connection.prepare(next).get(after)?.['at'] as number | undefined;
  }

  lastSeq(): number {
    return this.connection.prepare('SELECT coalesce(max(seq), 0) AS seq FROM journal').get()?.[
      'seq'
    ] as number;
  }

  cursors(): { sorter: number; projector: number } {
    const positions = new Map(
      this.connection
        .prepare('SELECT name, position FROM cursors')
        .all()
        .map((row) => [row['name'], row['position'] as number]),
    );
    return { sorter: positions.get('sorter') ?? 0, projector: positions.get('projector') ?? 0 };
  }
}

const itemColumns = `id, received_at, source, reason, bytes, substr(body, 1, 800) AS head`;

export class QuarantineTableReader implements Synchronous<QuarantineReader> {
  constructor(private readonly connection: Connection) {}

  list({ limit, after, ...filter }: QuarantineFilter & { limit: number; after?: string }): {
    items: QuarantineItem[];
    next?: string;
  } {
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : toQuarantineNumber(after);
    const { sql, values } = quarantineChosen(filter, () => '?');
    const items = this.connection
      .prepare(`SELECT ${itemColumns} FROM quarantine WHERE ${sql} AND id < ? ORDER BY id DESC LIMIT ?`)
      .all(...values, before, limit + 1)
      .map(toQuarantineItem);
    const page = items.slice(0, limit);
    const last = page.at(-1);
    return items.length > limit && last ? { items: page, next: last.id } : { items: page };
  }

  get(id: string): QuarantineBody | undefined {
    const row = this.connection
      .prepare(
        `SELECT ${itemColumns}, item_index, path_type, body FROM quarantine WHERE id = ? AND body IS NOT NULL`,
      )
      .get(toQuarantineNumber(id));
    return row && toQuarantineBody(row);
  }

  kinds(filter: QuarantineFilter): QuarantineKind[] {
    const { sql, values } = quarantineChosen(filter, () => '?');
    return this.connection
      .prepare(kindsSql(sql))
      .all(...values)
      .map(toQuarantineKind);
  }

  count(): number {
    return this.connection.prepare(countQuarantineSql).get()?.['count'] as number;
  }
}
