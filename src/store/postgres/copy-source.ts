import {
  numberedTables,
  smallTables,
  type ChangingSection,
  type CopiedRow,
  type CopiedSection,
  type CopyCounts,
  type CopySource,
  type NumberedTable,
  type SmallParts,
  type SmallTable,
  type WhichIds,
} from '../copying.js';
import { countedTables, countSqlOf, namedCounts } from '../rows/copied-counts.js';
import {
  byName,
  columnsOf,
  copiedTables,
  numberOf,
  openRows,
  tableOf,
  withoutLease,
  workingColumns,
} from '../rows/copied-tables.js';
import { acknowledgedDelivery } from '../rows/delivery-row.js';
import { entryColumns } from '../rows/entry-row.js';
import type { Database } from './database.js';
import { toCallKey } from './journal-append.js';
import { beyondSql } from './journal-reader.js';
import { toNumbers } from './row-arrays.js';

/** Bodies of one page, unless a single one is larger. */
const maxPageBytes = 16 * 1024 * 1024;
/** What reads a whole table may take its time. */
const wholeTableWithinMs = 30 * 60_000;

const sequences = {
  pushes: 'pushes_id_seq',
  quarantine: 'quarantine_id_seq',
  endpoints: 'endpoints_id_seq',
  deliveries: 'deliveries_id_seq',
  replays: 'replays_id_seq',
} as const satisfies Record<NumberedTable, string>;

/** Sequences of the attempts, whose tables have no index that gives them in the order of their ids. */
const attemptSequences = { attempts: 'attempts_id', deliveryAttempts: 'delivery_attempt_ids' } as const;

export class PostgresCopySource implements CopySource {
  constructor(private readonly database: Database) {}

  async read(section: CopiedSection | 'recordings', after: number, limit: number): Promise<CopiedRow[]> {
    switch (section) {
      case 'journal':
        return await this.#readEntries(after, limit);
      case 'attempts':
      case 'deliveryAttempts':
        return await this.#readAttempts(section, after, limit);
      case 'pushes':
      case 'quarantine':
        return await this.#select(section, 'id > $1 AND id <= $2', [
          after,
          await this.#lastOfPage(section, after, limit),
        ]);
      case 'auditLog':
        return await this.#select(section, 'seq > $1', [after], `LIMIT ${limit}`);
      case 'deliveries':
      case 'recordings':
        return (await this.#select(section, 'id > $1', [after], `LIMIT ${limit}`)).map(withoutLease);
    }
  }

  async readAgain(section: ChangingSection, ids: readonly number[]): Promise<CopiedRow[]> {
    const rows = await this.#select(section, 'id = ANY($1::bigint[])', [toNumbers(ids)]);
    return section === 'recordings' ? rows.map(withoutLease) : rows;
  }

  async ids(
    section: CopiedSection | 'recordings',
    which: WhichIds,
    after: number,
    limit: number,
  ): Promise<number[]> {
    const number = numberOf(section);
    const { rows } = await this.database.run(
      `SELECT ${number} AS number FROM ${tableOf(section)} WHERE ${number} > $1 AND ${conditionOf(section, which)}
       ORDER BY ${number} LIMIT $2`,
      [after, limit],
      wholeTableWithinMs,
    );
    return rows.map((row) => row['number'] as number);
  }

  async readSmall(): Promise<SmallParts> {
    const tables = new Map<SmallTable, CopiedRow[]>();
    for (const name of smallTables) tables.set(name, await this.#readWhole(name));
    const lastIds = new Map<NumberedTable, number>();
    for (const table of numberedTables) lastIds.set(table, await this.#lastOf(sequences[table]));
    const { rows } = await this.database.run(`SELECT position FROM cursors WHERE name = 'sorter'`);
    return {
      tables: byName(smallTables, (name) => tables.get(name) ?? []),
      sortedUpTo: (rows[0]?.['position'] as number | undefined) ?? 0,
      lastIds: byName(numberedTables, (table) => lastIds.get(table) ?? 0),
    };
  }

  async counts(): Promise<CopyCounts> {
    const counts: [string, string][] = [];
    for (const table of countedTables) {
      const { rows } = await this.database.run(countSqlOf(table), [], wholeTableWithinMs);
      counts.push(...namedCounts(table, rows[0] ?? {}));
    }
    return Object.fromEntries(counts);
  }

  /** Identities are kept beside the journal. */
  async #readEntries(after: number, limit: number): Promise<CopiedRow[]> {
    const { rows } = await this.database.run(
      `SELECT ${entryColumns} FROM journal WHERE ${beyondSql('$1::bigint')} ORDER BY month, seq LIMIT $2`,
      [after, limit],
    );
    const known = await this.database.run(
      `SELECT known.seq, replace(known.digest::text, '-', '') AS digest
       FROM unnest($1::uuid[], $2::smallint[], $3::bigint[]) AS entry (call_key, type, seq)
       JOIN journal_identities AS known USING (call_key, type, seq)`,
      [
        rows.map((row) => toCallKey(row['call_id'] as string)),
        toNumbers(rows.map((row) => row['type'] as number)),
        toNumbers(rows.map((row) => row['seq'] as number)),
      ],
    );
    const digests = new Map(
      known.rows.map((row) => [row['seq'], Buffer.from(row['digest'] as string, 'hex')]),
    );
    return rows.map((row) => ({ ...row, digest: digests.get(row['seq']) ?? null }));
  }

  async #readAttempts(
    section: 'attempts' | 'deliveryAttempts',
    after: number,
    limit: number,
  ): Promise<CopiedRow[]> {
    const last = await this.#lastOf(attemptSequences[section]);
    for (let from = after; from < last; from += limit) {
      const rows = await this.#select(section, 'id > $1 AND id <= $2', [from, from + limit]);
      if (rows.length > 0) return rows;
    }
    return [];
  }

  async #select(
    section: CopiedSection | 'recordings',
    condition: string,
    values: readonly unknown[],
    rest = '',
  ): Promise<CopiedRow[]> {
    const columns =
      section === 'recordings'
        ? ['id', 'attempts', ...Object.keys(workingColumns)].join(', ')
        : columnsOf(copiedTables[section]);
    const { rows } = await this.database.run(
      `SELECT ${columns} FROM ${tableOf(section)} WHERE ${condition} ORDER BY ${numberOf(section)} ${rest}`,
      values,
    );
    return rows as CopiedRow[];
  }

  /** Bodies are of any size: their lengths are read before they are. */
  async #lastOfPage(section: 'pushes' | 'quarantine', after: number, limit: number): Promise<number> {
    const { rows } = await this.database.run(
      `SELECT id, coalesce(length(body), 0) AS bytes FROM ${section} WHERE id > $1 ORDER BY id LIMIT $2`,
      [after, limit],
    );
    let total = 0;
    let last = after;
    for (const { id, bytes } of rows) {
      total += bytes as number;
      if (last > after && total > maxPageBytes) break;
      last = id as number;
    }
    return last;
  }

  async #readWhole(name: SmallTable): Promise<CopiedRow[]> {
    const table = copiedTables[name];
    const sql = `SELECT ${columnsOf(table)} FROM ${table.name} ORDER BY ${table.key.join(', ')}`;
    return (await this.database.run(sql)).rows as CopiedRow[];
  }

  async #lastOf(sequence: string): Promise<number> {
    const { rows } = await this.database.run(
      `SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM ${sequence}`,
    );
    return rows[0]?.['last'] as number;
  }
}

function conditionOf(section: CopiedSection | 'recordings', which: WhichIds): string {
  if (which === 'all') return 'true';
  if (which !== 'open')
    return `(replayed_as > ${Math.trunc(which.replayedSince)} OR replayed_as = ${acknowledgedDelivery})`;
  return section in openRows ? openRows[section as ChangingSection] : 'false';
}
