import type { CopiedRow } from '../copying.js';
import type { Database } from './database.js';
import { toCallKey } from './journal-append.js';
import { toMonth, type Partitions } from './partitions.js';
import { toNumbers } from './row-arrays.js';

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
