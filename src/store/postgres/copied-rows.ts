import type { CopiedRow, CopiedValue } from '../copying.js';
import { type ColumnKind, type CopiedTable, copiedTables } from '../rows/copied-tables.js';
import type { Database } from './database.js';
import { toCallKey } from './journal-append.js';
import { type Partitions, toMonth } from './partitions.js';
import { toNumbers } from './row-arrays.js';

/** Columns of fewer bits take these by assignment. */
const columnTypes: Readonly<Record<ColumnKind, string>> = {
  integer: 'bigint',
  real: 'double precision',
  text: 'text',
  bytes: 'bytea',
};

/** Parameters of `unnestSql`: an array for each column. */
export function valuesOf({ columns }: Pick<CopiedTable, 'columns'>, rows: readonly CopiedRow[]): unknown[] {
  return Object.entries(columns).map(([column, kind]) => {
    const values = rows.map((row): CopiedValue => row[column] ?? null);
    return kind === 'integer' || kind === 'real' ? toNumbers(values as (number | null)[]) : values;
  });
}

/** The rows, as a table `told`. */
export function unnestSql({ columns }: Pick<CopiedTable, 'columns'>): string {
  const arrays = Object.values(columns).map((kind, index) => `$${index + 1}::${columnTypes[kind]}[]`);
  return `unnest(${arrays.join(', ')}) AS told (${Object.keys(columns).join(', ')})`;
}

/** What is there already stays as it is. */
export function insertMissingSql(table: CopiedTable): string {
  const columns = Object.keys(table.columns).join(', ');
  return `INSERT INTO ${table.name} (${columns}) SELECT ${columns} FROM ${unnestSql(table)} ON CONFLICT DO NOTHING`;
}

export function upsertSql(table: CopiedTable): string {
  const columns = Object.keys(table.columns);
  const assignments = columns.map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table.name} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM ${unnestSql(table)}
    ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${assignments.join(', ')}`;
}

/** What an attempt was an attempt at: together with its id there is an index on it, and none on the id alone. */
const subjects = { attempts: 'recording_id', deliveryAttempts: 'delivery' } as const;

/** Attempts of either kind, each into the month of its instant. Those that are there stay as they are. */
export async function copyAttempts(
  database: Database,
  partitions: Partitions,
  section: 'attempts' | 'deliveryAttempts',
  rows: readonly CopiedRow[],
): Promise<void> {
  const { name, columns } = copiedTables[section];
  const withMonth = { columns: { ...columns, month: 'integer' } } as const;
  const monthly = rows.map((row) => ({ ...row, month: toMonth(row['at'] as number) }));
  await partitions.need(name, [...new Set(monthly.map(({ month }) => month))]);
  const names = Object.keys(withMonth.columns).join(', ');
  const subject = subjects[section];
  await database.run(
    `INSERT INTO ${name} (${names}) SELECT ${names} FROM ${unnestSql(withMonth)}
     WHERE NOT EXISTS (SELECT FROM ${name} AS known WHERE known.${subject} = told.${subject} AND known.id = told.id)`,
    valuesOf(withMonth, monthly),
  );
}

/** Under their ids and keys. A push never changes: one that is there stays as it is. */
export async function copyPushes(database: Database, rows: readonly CopiedRow[]): Promise<void> {
  const columns = Object.keys(copiedTables.pushes.columns);
  const selected = columns.map((column) => (column === 'key' ? 'key::uuid' : column));
  await database.run(
    `INSERT INTO pushes (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM ${unnestSql(copiedTables.pushes)}
     ON CONFLICT DO NOTHING`,
    valuesOf(copiedTables.pushes, rows),
  );
}

const identitiesSql = `INSERT INTO journal_identities (call_key, type, digest, seq)
  SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::bigint[])`;

const entriesSql = `INSERT INTO journal (month, seq, type, call_id, received_at, source, text)
  SELECT * FROM unnest($1::integer[], $2::bigint[], $3::smallint[], $4::text[], $5::bigint[], $6::text[], $7::text[])`;

const monthsSql = `INSERT INTO journal_months (month, first_seq)
  SELECT month, min(seq) FROM unnest($1::integer[], $2::bigint[]) AS told (month, seq) GROUP BY month ON CONFLICT DO NOTHING`;

/**
 * Entries under their own numbers, behind those that are there; these are left out. As with every append, an entry's
 * month is that of its receipt, or of an entry before it that was received later.
 */
export async function copyEntries(
  database: Database,
  partitions: Partitions,
  rows: readonly CopiedRow[],
): Promise<void> {
  const head = await readHead(database);
  const fresh = rows.filter(({ seq }) => (seq as number) > head.lastSeq);
  if (fresh.length === 0) return;
  if (fresh.some(({ seq }, index) => seq !== head.lastSeq + index + 1))
    throw new Error('a copy of the journal has no gaps');
  let month = head.month;
  const months = fresh.map((row) => (month = Math.max(month, toMonth(row['received_at'] as number))));
  await partitions.need('journal', [...new Set(months)]);
  const numbers = (column: string): string => toNumbers(fresh.map((row) => row[column] as number));
  const texts = (column: string): string[] => fresh.map((row) => row[column] as string);
  await database.transaction(
    async ({ run }) => {
      await run(identitiesSql, [
        texts('call_id').map(toCallKey),
        numbers('type'),
        fresh.map((row) => Buffer.from(row['digest'] as Uint8Array).toString('hex')),
        numbers('seq'),
      ]);
      await run(entriesSql, [
        toNumbers(months),
        numbers('seq'),
        numbers('type'),
        texts('call_id'),
        numbers('received_at'),
        texts('source'),
        texts('text'),
      ]);
      await run(monthsSql, [toNumbers(months), numbers('seq')]);
      const { changes } = await run('UPDATE journal_head SET last_seq = $1, month = $2 WHERE last_seq = $3', [
        head.lastSeq + fresh.length,
        month,
        head.lastSeq,
      ]);
      if (changes !== 1) throw new Error('somebody else appends to a journal that is being copied');
    },
    { locksJournal: true },
  );
}

async function readHead(database: Database): Promise<{ lastSeq: number; month: number }> {
  const { rows } = await database.run('SELECT last_seq, month FROM journal_head');
  return { lastSeq: rows[0]?.['last_seq'] as number, month: rows[0]?.['month'] as number };
}
