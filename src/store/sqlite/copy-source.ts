import {
  type ChangingSection,
  type CopiedRow,
  type CopiedSection,
  type CopyCounts,
  type CopySource,
  type NumberedTable,
  numberedTables,
  type SmallParts,
  type SmallTable,
  smallTables,
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
} from '../rows/copied-tables.js';
import { acknowledgedDelivery } from '../rows/delivery-row.js';
import type { Connection, Synchronous } from './connection.js';
import { readCursor } from './journal-table.js';
import { recordingColumns } from './recording-states.js';

/** Bodies of one page, unless a single one is larger. */
const maxPageBytes = 16 * 1024 * 1024;

/** The two files, each through a connection that only reads. */
export class SqliteCopySource implements Synchronous<CopySource> {
  constructor(
    private readonly store: Connection,
    private readonly inbox: Connection,
  ) {}

  read(section: CopiedSection | 'recordings', after: number, limit: number): CopiedRow[] {
    const number = numberOf(section);
    const last = this.#lastOfPage(section, after, limit);
    const rows = this.#fileOf(section)
      .prepare(`${selectOf(section)} WHERE ${number} > ? AND ${number} <= ? ORDER BY ${number} LIMIT ?`)
      .all(after, last, limit);
    return section === 'recordings' ? rows.map(withoutLease) : rows;
  }

  readAgain(section: ChangingSection, ids: readonly number[]): CopiedRow[] {
    const rows = this.store
      .prepare(`${selectOf(section)} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`)
      .all(JSON.stringify(ids));
    return section === 'recordings' ? rows.map(withoutLease) : rows;
  }

  ids(section: CopiedSection | 'recordings', which: WhichIds, after: number, limit: number): number[] {
    const number = numberOf(section);
    return this.#fileOf(section)
      .prepare(
        `SELECT ${number} AS number FROM ${tableOf(section)} WHERE ${number} > ? AND ${conditionOf(section, which)}
         ORDER BY ${number} LIMIT ?`,
      )
      .all(after, limit)
      .map((row) => row['number'] as number);
  }

  readSmall(): SmallParts {
    return {
      tables: byName(smallTables, (name) => this.#readWhole(name)),
      sortedUpTo: readCursor(this.store, 'sorter'),
      lastIds: byName(numberedTables, (table) => this.#lastIdOf(table)),
    };
  }

  counts(): CopyCounts {
    return Object.fromEntries(
      countedTables.flatMap((table) => {
        const file = table === 'pushes' ? this.inbox : this.store;
        return namedCounts(table, file.prepare(countSqlOf(table)).get() ?? {});
      }),
    );
  }

  /** Bodies are of any size: their lengths are read before they are. */
  #lastOfPage(section: CopiedSection | 'recordings', after: number, limit: number): number {
    if (section !== 'pushes' && section !== 'quarantine') return Number.MAX_SAFE_INTEGER;
    const sizes = this.#fileOf(section)
      .prepare(
        `SELECT id, coalesce(length(body), 0) AS bytes FROM ${section} WHERE id > ? ORDER BY id LIMIT ?`,
      )
      .all(after, limit);
    let total = 0;
    let last = after;
    for (const { id, bytes } of sizes) {
      total += bytes as number;
      if (last > after && total > maxPageBytes) break;
      last = id as number;
    }
    return last;
  }

  #readWhole(name: SmallTable): CopiedRow[] {
    const table = copiedTables[name];
    return this.store
      .prepare(`SELECT ${columnsOf(table)} FROM ${table.name} ORDER BY ${table.key.join(', ')}`)
      .all();
  }

  #lastIdOf(table: NumberedTable): number {
    const file = table === 'pushes' ? this.inbox : this.store;
    return Number(file.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(table)?.['seq'] ?? 0);
  }

  #fileOf(section: CopiedSection | 'recordings'): Connection {
    return section === 'pushes' ? this.inbox : this.store;
  }
}

function selectOf(section: CopiedSection | 'recordings'): string {
  if (section === 'recordings') return `SELECT ${recordingColumns} FROM recordings`;
  const table = copiedTables[section];
  return `SELECT ${columnsOf(table)} FROM ${table.name}`;
}

function conditionOf(section: CopiedSection | 'recordings', which: WhichIds): string {
  if (which === 'all') return 'true';
  if (which !== 'open')
    return `(replayed_as > ${Math.trunc(which.replayedSince)} OR replayed_as = ${acknowledgedDelivery})`;
  return section in openRows ? openRows[section as ChangingSection] : 'false';
}
