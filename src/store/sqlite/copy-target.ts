import {
  type CopiedRow,
  type CopiedSection,
  type CopiedValue,
  type CopyState,
  type CopyTarget,
  type NumberedTable,
  numberedTables,
  type SmallParts,
  type SmallTable,
  smallTables,
} from '../copying.js';
import { columnsOf, copiedTables, numberOf, tableOf, workingColumns } from '../rows/copied-tables.js';
import { fromSeqRuns, toStretches } from '../rows/delivery-row.js';
import type { Connection, Row, Synchronous } from './connection.js';
import { setCursor } from './journal-table.js';
import type { MoveMarksFile } from './move-marks.js';
import { noteStateChange } from './recording-states.js';

/** Nobody else empties the logs of these files while they are made. */
const writesPerCheckpoint = 16;

/** Both files of a store that nobody else has open: whoever holds the folder's lock makes it. */
export class SqliteCopyTarget implements Synchronous<CopyTarget> {
  #writes = 0;

  constructor(
    private readonly store: Connection,
    private readonly inbox: Connection,
    private readonly marks: MoveMarksFile,
  ) {}

  begin(sourceIdentity: string): CopyState {
    return this.marks.beginCopy(sourceIdentity);
  }

  last(section: CopiedSection): number {
    const row = this.#fileOf(section)
      .prepare(`SELECT max(${numberOf(section)}) AS last FROM ${tableOf(section)}`)
      .get();
    return (row?.['last'] as number | null) ?? 0;
  }

  write(section: CopiedSection | 'recordings', rows: readonly CopiedRow[]): void {
    this.#fileOf(section).transaction(() => {
      if (section === 'recordings') for (const row of rows) copyRecording(this.store, row);
      // What is there stays as it is: nobody changes it.
      else if (section === 'auditLog') this.#insert(section, rows.slice(this.#countKnown(rows)));
      else this.#upsert(section, rows);
    });
    if (++this.#writes % writesPerCheckpoint === 0)
      for (const file of [this.store, this.inbox]) file.checkpoint();
  }

  prune(section: CopiedSection, after: number, upTo: number, ids: readonly number[]): void {
    const file = this.#fileOf(section);
    const number = numberOf(section);
    const forgotten = `FROM ${tableOf(section)} WHERE ${number} > ? AND ${number} <= ?
      AND ${number} NOT IN (SELECT value FROM json_each(?))`;
    file.transaction(() => {
      const range: [number, number, string] = [after, upTo, JSON.stringify(ids)];
      if (section === 'deliveries') {
        for (const row of file.prepare(`SELECT id, endpoint, seqs ${forgotten}`).all(...range)) {
          forgetStretches(file, row);
        }
      }
      file.prepare(`DELETE ${forgotten}`).run(...range);
    });
  }

  replaceSmall({ tables, sortedUpTo, lastIds }: SmallParts): void {
    this.store.transaction(() => {
      for (const name of smallTables) {
        this.store.prepare(`DELETE FROM ${copiedTables[name].name}`).run();
        this.#insert(name, tables[name]);
      }
      setCursor(this.store, 'sorter', sortedUpTo);
      for (const table of numberedTables) if (table !== 'pushes') raiseIds(this.store, table, lastIds[table]);
    });
    this.inbox.transaction(() => {
      raiseIds(this.inbox, 'pushes', Math.max(lastIds.pushes, sortedUpTo));
    });
  }

  finish(): void {
    this.store.exec('ANALYZE');
    this.marks.finishCopy();
  }

  /** Of records, ascending, those that are there. */
  #countKnown(rows: readonly CopiedRow[]): number {
    const last = this.last('auditLog');
    return rows.filter((row) => (row['seq'] as number) <= last).length;
  }

  #upsert(section: CopiedSection, rows: readonly CopiedRow[]): void {
    this.#insert(section, rows);
    if (section !== 'deliveries') return;
    for (const row of rows) noteStretches(this.store, row);
  }

  #insert(name: CopiedSection | SmallTable, rows: readonly CopiedRow[]): void {
    const table = copiedTables[name];
    const columns = Object.keys(table.columns);
    const assignments = columns.map((column) => `${column} = excluded.${column}`);
    const insert = this.#fileOf(name).prepare(
      `INSERT INTO ${table.name} (${columnsOf(table)}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${assignments.join(', ')}`,
    );
    for (const row of rows) insert.run(...columns.map((column): CopiedValue => row[column] ?? null));
  }

  #fileOf(name: CopiedSection | SmallTable | 'recordings'): Connection {
    return name === 'pushes' ? this.inbox : this.store;
  }
}

function noteStretches(file: Connection, delivery: CopiedRow): void {
  const insert = file.prepare(
    `INSERT INTO delivery_stretches (endpoint, stretch, delivery, first_seq, last_seq) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const { endpoint = null, id = null, seqs, first_seq: first = null, last_seq: last = null } = delivery;
  for (const stretch of toStretches(fromSeqRuns(seqs as string)))
    insert.run(endpoint, stretch, id, first, last);
}

function forgetStretches(file: Connection, { endpoint = null, id = null, seqs }: Row): void {
  const forget = file.prepare(
    'DELETE FROM delivery_stretches WHERE endpoint = ? AND stretch = ? AND delivery = ?',
  );
  for (const stretch of toStretches(fromSeqRuns(seqs as string))) forget.run(endpoint, stretch, id);
}

function raiseIds(file: Connection, table: NumberedTable, lastId: number): void {
  const { changes } = file
    .prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?')
    .run(lastId, table);
  if (changes === 0 && lastId > 0)
    file.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, lastId);
}

const columns = Object.keys(workingColumns);

/** Gives a recording what the source's has; nothing where the projection has not made it yet. The caller holds the transaction. */
function copyRecording(connection: Connection, row: CopiedRow): void {
  const id = row['id'] as number;
  const known = connection.prepare('SELECT * FROM recordings WHERE id = ?').get(id);
  if (!known || columns.every((column) => known[column] === (row[column] ?? null))) return;
  const values = columns.map((column): CopiedValue => row[column] ?? null);
  connection
    .prepare(
      `UPDATE recordings SET leased_until = NULL, leased_link_seq = NULL, ${columns.map((column) => `${column} = ?`).join(', ')}
       WHERE id = ?`,
    )
    .run(...values, id);
  noteStateChange(connection, known['call'] as number, known['state'] as number, row['state'] as number);
}
