import type { Entry, EntryType, JournalReader } from '../journal.js';
import { entryColumns, firstEventNumber, toEntry, toTypeNumber } from '../rows/entry-row.js';
import type { Connection, Synchronous } from './connection.js';
import { readEntries } from './packed-rows.js';

const isAtMiddle = 'coalesce((SELECT received_at >= $1 FROM journal WHERE seq = (low + high) / 2), false)';

/** Halves the stretch that is left until it is one number. */
export const seqAtSql = `
WITH RECURSIVE stretch (low, high) AS (
  SELECT 1, coalesce((SELECT max(seq) FROM journal), 0) + 1
  UNION ALL
  SELECT iif(${isAtMiddle}, low, (low + high) / 2 + 1), iif(${isAtMiddle}, (low + high) / 2, high)
  FROM stretch WHERE low < high
)
SELECT low AS seq FROM stretch WHERE low >= high`;

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
    return this.connection.prepare(seqAtSql.replaceAll('$1', '?1')).get(at)?.['seq'] as number;
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
