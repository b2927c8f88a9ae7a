import {
  type CopiedRow,
  type CopiedSection,
  type CopyState,
  type CopyTarget,
  numberedTables,
  type SmallParts,
  smallTables,
} from '../copying.js';
import { copiedTables, numberOf, tableOf } from '../rows/copied-tables.js';
import { fromSeqRuns, toStretches } from '../rows/delivery-row.js';
import { copyRecordings } from './copied-recordings.js';
import {
  copyAttempts,
  copyEntries,
  copyPushes,
  insertMissingSql,
  upsertSql,
  valuesOf,
} from './copied-rows.js';
import type { Database, Transaction } from './database.js';
import { beginCopy, finishCopy } from './move-marks.js';
import type { Partitions } from './partitions.js';
import { toNumbers } from './row-arrays.js';

const wholeTableWithinMs = 30 * 60_000;

/** A database that nobody else works on: the move sees to it that no process does. */
export class PostgresCopyTarget implements CopyTarget {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  begin(sourceIdentity: string): Promise<CopyState> {
    return beginCopy(this.database, sourceIdentity);
  }

  async last(section: CopiedSection): Promise<number> {
    const { rows } = await this.database.run(
      `SELECT coalesce(max(${numberOf(section)}), 0) AS last FROM ${tableOf(section)}`,
      [],
      wholeTableWithinMs,
    );
    return rows[0]?.['last'] as number;
  }

  async write(section: CopiedSection | 'recordings', rows: readonly CopiedRow[]): Promise<void> {
    switch (section) {
      case 'journal':
        await copyEntries(this.database, this.partitions, rows);
        return;
      case 'attempts':
      case 'deliveryAttempts':
        await copyAttempts(this.database, this.partitions, section, rows);
        return;
      case 'pushes':
        await copyPushes(this.database, rows);
        return;
      case 'recordings':
        await copyRecordings(this.database, rows);
        return;
      case 'quarantine':
        await this.database.run(upsertSql(copiedTables.quarantine), valuesOf(copiedTables.quarantine, rows));
        return;
      case 'auditLog':
        await this.database.run(
          insertMissingSql(copiedTables.auditLog),
          valuesOf(copiedTables.auditLog, rows),
        );
        return;
      case 'deliveries':
        await this.#writeDeliveries(rows);
    }
  }

  async prune(section: CopiedSection, after: number, upTo: number, ids: readonly number[]): Promise<void> {
    const number = numberOf(section);
    const table = tableOf(section);
    const options = { answerWithinMs: wholeTableWithinMs };
    await this.database.transaction(async ({ run }) => {
      const values = [after, upTo, toNumbers(ids)];
      const forgotten = `${number} > $1 AND ${number} <= $2 AND ${number} NOT IN (SELECT unnest($3::bigint[]))`;
      if (section === 'deliveries') {
        await run(
          `DELETE FROM delivery_stretches WHERE delivery IN (SELECT id FROM deliveries WHERE ${forgotten})`,
          values,
        );
      }
      await run(`DELETE FROM ${table} WHERE ${forgotten}`, values);
    }, options);
  }

  async replaceSmall({ tables, sortedUpTo, lastIds }: SmallParts): Promise<void> {
    await this.database.transaction(
      async ({ run }) => {
        for (const name of smallTables) {
          const table = copiedTables[name];
          await run(`DELETE FROM ${table.name}`);
          await run(upsertSql(table), valuesOf(table, tables[name]));
        }
        await run(`UPDATE cursors SET position = $1 WHERE name = 'sorter'`, [sortedUpTo]);
        for (const table of numberedTables) {
          const last = table === 'pushes' ? Math.max(lastIds.pushes, sortedUpTo) : lastIds[table];
          await run(raiseSequence(`${table}_id_seq`, `$1::bigint`), [last]);
        }
        await run(raiseSequence('attempts_id', '(SELECT max(id) FROM attempts)'));
        await run(raiseSequence('delivery_attempt_ids', '(SELECT max(id) FROM delivery_attempts)'));
      },
      { answerWithinMs: wholeTableWithinMs },
    );
  }

  async finish(): Promise<void> {
    // What it knew of these tables was learned when they were empty.
    await this.database.run('ANALYZE', [], wholeTableWithinMs);
    await finishCopy(this.database);
  }

  async #writeDeliveries(rows: readonly CopiedRow[]): Promise<void> {
    const table = copiedTables.deliveries;
    await this.database.transaction(async (transaction) => {
      await transaction.run(upsertSql(table), valuesOf(table, rows));
      await noteStretches(transaction, rows);
    });
  }
}

async function noteStretches({ run }: Transaction, rows: readonly CopiedRow[]): Promise<void> {
  const notes = rows.flatMap((row) =>
    [...toStretches(fromSeqRuns(row['seqs'] as string))].map((stretch) => ({ row, stretch })),
  );
  await run(
    `INSERT INTO delivery_stretches (endpoint, stretch, delivery, first_seq, last_seq)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) ON CONFLICT DO NOTHING`,
    [
      toNumbers(notes.map(({ row }) => row['endpoint'] as number)),
      toNumbers(notes.map(({ stretch }) => stretch)),
      toNumbers(notes.map(({ row }) => row['id'] as number)),
      toNumbers(notes.map(({ row }) => row['first_seq'] as number)),
      toNumbers(notes.map(({ row }) => row['last_seq'] as number)),
    ],
  );
}

/** Beyond what it has given, and beyond `last`, which may be nothing. */
function raiseSequence(sequence: string, last: string): string {
  return `SELECT setval('${sequence}', told.last) FROM (
    SELECT greatest(${last}, CASE WHEN is_called THEN last_value END) AS last FROM ${sequence}) told WHERE told.last > 0`;
}
