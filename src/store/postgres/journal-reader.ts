import type { Entry, EntryType, JournalReader } from '../journal.js';
import { entryColumns, toEntry } from '../rows/entry-row.js';
import { firstEventNumber, toTypeNumber } from '../rows/entry-types.js';
import type { Database } from './database.js';
import { toCallKey } from './journal-append.js';

/** The month in which an entry lies, by its seq: so its partition alone is looked at. */
export function monthOf(seq: string): string {
  return `(SELECT coalesce(max(month), 0) FROM journal_months WHERE first_seq <= ${seq})`;
}

/** As (month, seq) is the primary key and ordered as seq is, the second comparison finds the place, the first the partition. */
export const beyondSql = (after: string): string =>
  `month >= ${monthOf(`${after} + 1`)} AND (month, seq) > (${monthOf(`${after} + 1`)}, ${after})`;

const columnsOf = (table: string): string =>
  entryColumns
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');

const bySeqsSql = `
SELECT ${columnsOf('journal')} FROM (
  SELECT seq, ${monthOf('wanted.seq')} AS month, place FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (seq, place)
) AS wanted JOIN journal USING (month, seq) ORDER BY place`;

const ofCallSql = `
SELECT ${columnsOf('journal')} FROM (
  SELECT seq, ${monthOf('known.seq')} AS month FROM journal_identities AS known WHERE call_key = $1 AND type < $2
) AS known JOIN journal USING (month, seq) WHERE call_id = $3 ORDER BY seq`;

/** Halves the stretch that is left until it is one number. Months that were dropped lie before all others. */
const seqAtSql = `
WITH RECURSIVE stretch (low, high) AS (
  SELECT coalesce((SELECT min(first_seq) FROM journal_months), 1), last_seq + 1 FROM journal_head
  UNION ALL
  SELECT CASE WHEN found.is_at THEN low ELSE (low + high) / 2 + 1 END, CASE WHEN found.is_at THEN (low + high) / 2 ELSE high END
  FROM stretch, LATERAL (
    SELECT received_at >= $1 AS is_at FROM journal
    WHERE seq = (low + high) / 2 AND month = ${monthOf('(low + high) / 2')}
  ) AS found WHERE low < high
)
SELECT low AS seq FROM stretch WHERE low >= high`;

export class JournalTableReader implements JournalReader {
  constructor(private readonly database: Database) {}

  async read(after: number, limit: number, types?: readonly EntryType[]): Promise<Entry[]> {
    const filter = types
      ? `type IN (${[...new Set(types)].map(toTypeNumber).sort().join(', ')})`
      : `type < ${firstEventNumber}`;
    const { rows } = await this.database.run(
      `SELECT ${entryColumns} FROM journal WHERE ${beyondSql('$1::bigint')} AND ${filter} ORDER BY month, seq LIMIT $2`,
      [after, limit],
    );
    return rows.map(toEntry);
  }

  async ofCall(callId: string, withEvents = false): Promise<Entry[]> {
    const beyondTypes = withEvents ? 32_767 : firstEventNumber;
    return (await this.database.run(ofCallSql, [toCallKey(callId), beyondTypes, callId])).rows.map(toEntry);
  }

  async bySeqs(seqs: readonly number[]): Promise<Entry[]> {
    return (await this.database.run(bySeqsSql, [`{${seqs.join(',')}}`])).rows.map(toEntry);
  }

  async seqAt(at: number): Promise<number> {
    return (await this.database.run(seqAtSql, [at])).rows[0]?.['seq'] as number;
  }

  async lastSeq(): Promise<number> {
    return (await this.database.run('SELECT last_seq FROM journal_head')).rows[0]?.['last_seq'] as number;
  }

  async cursors(): Promise<{ sorter: number; projector: number }> {
    const { rows } = await this.database.run('SELECT name, position FROM cursors');
    const positions = new Map(rows.map((row) => [row['name'], row['position'] as number]));
    return { sorter: positions.get('sorter') ?? 0, projector: positions.get('projector') ?? 0 };
  }
}
