import type { Retention } from '../shared-roles.js';
import type { Database } from './database.js';
import { monthOf } from './journal-reader.js';
import { type PartitionedTable, partitionedTables, toMonth, toPartitionName } from './partitions.js';

/** The first entry that somebody has yet to read, and the first instant of whose attempts somebody may still be told. */
const neededSql = `
WITH waiting AS (SELECT min(first_seq) AS seq, min(created_at) AS at FROM deliveries WHERE state = 0),
replayed AS (
  SELECT CASE WHEN selection::json ->> 'kind' = 'window' THEN position + 1 ELSE (
    SELECT min(first_seq) FROM deliveries WHERE deliveries.endpoint = replays.endpoint AND state = 2 AND id > replays.position
  ) END AS seq FROM replays WHERE state = 0
),
first AS (
  SELECT least(
    (SELECT last_seq FROM journal_head),
    (SELECT position + 1 FROM cursors WHERE name = 'projector'),
    (SELECT min(cursor) + 1 FROM endpoints WHERE is_removed = 0),
    (SELECT min(seq) FROM replayed),
    waiting.seq
  ) AS seq, waiting.at FROM waiting
)
SELECT ${monthOf('first.seq')} AS month, at FROM first`;

/** Tables named as partitions, and whether letting go of one broke off half-way: that one first, as PostgreSQL wants it. */
const partitionsSql = `
SELECT relname AS name, inhparent IS NOT NULL AS is_attached, coalesce(inhdetachpending, false) AS is_leaving
FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid
WHERE relname = ANY($1) AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass($2))
ORDER BY is_leaving DESC, name`;

/** Whoever reads an old month when it goes is waited for, and nobody waits for that; a backup may take its time. */
const detachWithinMs = 60_000;

/**
 * Old months go as whole partitions: deleting their rows would write as much as receiving them did. A partition is let
 * go of beside readers and writers of the others (DETACH … CONCURRENTLY), then dropped; what broke off in between is
 * gone on with next time.
 */
export class PartitionsRetention implements Retention {
  constructor(private readonly database: Database) {}

  async dropMonthsBefore(at: number): Promise<number> {
    const { rows } = await this.database.run(neededSql);
    const openSince = (rows[0]?.['at'] as number | null) ?? at;
    const bounds: Record<PartitionedTable, number> = {
      journal: Math.min(toMonth(at), rows[0]?.['month'] as number),
      attempts: toMonth(at),
      delivery_attempts: Math.min(toMonth(at), toMonth(openSince)),
    };
    let dropped = 0;
    for (const table of partitionedTables) dropped += await this.#drop(table, bounds[table]);
    return dropped;
  }

  async #drop(table: PartitionedTable, before: number): Promise<number> {
    const months = new Map<string, number>();
    for (let month = 0; month < before; month++) months.set(toPartitionName(table, month), month);
    const { rows } = await this.database.run(partitionsSql, [[...months.keys()], table]);
    for (const row of rows) {
      const name = row['name'] as string;
      if (row['is_attached'] === true) {
        const how = row['is_leaving'] === true ? 'FINALIZE' : 'CONCURRENTLY';
        await this.database.run(`ALTER TABLE ${table} DETACH PARTITION ${name} ${how}`, [], detachWithinMs);
      }
      await this.database.transaction(
        async ({ run }) => {
          await run(`DROP TABLE IF EXISTS ${name}`);
          if (table === 'journal') {
            await run('DELETE FROM journal_months WHERE month = $1', [months.get(name)]);
          }
        },
        { locksJournal: true },
      );
    }
    return rows.length;
  }
}
