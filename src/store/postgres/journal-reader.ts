import type { Entry, EntryType, JournalReader } from '../journal.js';
import { entryColumns, firstEventNumber, toEntry, toTypeNumber } from '../rows/entry-row.js';
import type { Database } from './database.js';
import { toCallKey } from './journal-append.js';

/** The month in which an entry lies, by its seq: so its partition alone is looked at. */
export function monthOf(seq: string): string {
  return `(SELECT coalesce(max(month), 0) FROM journal_months WHERE first_seq <= ${seq})`;
}

/**
 * What lies beyond a seq. (month, seq) is the primary key, and ordered as seq is: the second comparison finds the place
 * in it, the first leaves months out.
 */
export const beyondSql = (after: string): string =>
  `month >= ${monthOf(`${after} + 1`)} AND (month, seq) > (${monthOf(`${after} + 1`)}, ${after})`;

/**
 * The entry with this seq, of whatever gives the seq. It is looked up for each: LIMIT keeps the planner from joining
 * with the whole journal, which it takes for the cheaper way where it thinks that there are many.
 */
const entryOf = (seq: string): string =>
  `LATERAL (SELECT ${entryColumns} FROM journal WHERE month = ${monthOf(seq)} AND seq = ${seq} LIMIT 1) AS entry`;

const bySeqsSql = `
SELECT entry.* FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (seq, place), ${entryOf('wanted.seq')} ORDER BY place`;

const ofCallSql = `
SELECT entry.* FROM journal_identities AS known, ${entryOf('known.seq')}
WHERE known.call_key = $1 AND known.type < $2 AND entry.call_id = $3 ORDER BY entry.seq`;

/** The first of these entries, until their texts take $3 bytes; of no text more than its length is looked at before. */
const withinSql = (sql: string): string =>
  `SELECT ${entryColumns} FROM (
     SELECT *, sum(octet_length(text)) OVER (ORDER BY seq) - octet_length(text) AS before FROM (${sql}) AS read) AS told
   WHERE before < $3::bigint ORDER BY seq`;

/** Halves the stretch that is left until it is one number. Months that were dropped lie before all others. */
export const seqAtSql = `
WITH RECURSIVE stretch (low, high) AS (
  SELECT coalesce((SELECT min(first_seq) FROM journal_months), 1), last_seq + 1 FROM journal_head
  UNION ALL
  SELECT CASE WHEN is_there THEN low ELSE middle + 1 END, CASE WHEN is_there THEN middle ELSE high END
  FROM (SELECT low, high, (low + high) / 2 AS middle FROM stretch WHERE low < high) AS halved,
    LATERAL (SELECT coalesce((SELECT received_at >= $1 FROM ${entryOf('halved.middle')}), false) AS is_there OFFSET 0) AS found
)
SELECT low AS seq FROM stretch WHERE low >= high`;

export class JournalTableReader implements JournalReader {
  constructor(private readonly database: Database) {}

  async read(
    after: number,
    limit: number,
    types?: readonly EntryType[],
    maxBytes?: number,
  ): Promise<Entry[]> {
    const filter = types
      ? `type IN (${[...new Set(types)].map(toTypeNumber).sort().join(', ')})`
      : `type < ${firstEventNumber}`;
    // OFFSET keeps the filter outside: inside, the planner may read all of the rest and sort it, thinking of a type as rare.
    const sql = `SELECT * FROM (SELECT ${entryColumns} FROM journal WHERE ${beyondSql('$1::bigint')} ORDER BY month, seq OFFSET 0) AS entries
       WHERE ${filter} LIMIT $2`;
    const { rows } =
      maxBytes === undefined
        ? await this.database.run(sql, [after, limit])
        : await this.database.run(withinSql(sql), [after, limit, maxBytes]);
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

  async receivedAfter(after: number): Promise<number | undefined> {
    const { rows } = await this.database.run(
      `SELECT received_at FROM journal WHERE ${beyondSql('$1::bigint')} ORDER BY month, seq LIMIT 1`,
      [after],
    );
    return rows[0]?.['received_at'] as number | undefined;
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
