import pg from 'pg';
import { Database } from '../../src/store/postgres/database.js';
import { migrate } from '../../src/store/postgres/migrate.js';
import { Partitions, toMonth } from '../../src/store/postgres/partitions.js';
import { schemaSteps } from '../../src/store/postgres/store-schema.js';
import { callSpacingMs, openDownloadsOf } from './data-set.js';
import { fillSql } from './fill-database-sql.js';

const dayMs = 24 * 3600 * 1000;

/**
 * Fills an empty database with the rows that `calls` received, projected and archived records would have left, as
 * fill-store.ts does an embedded store. Returns the instant that call 0 would have begun at.
 */
export async function fillDatabase(url: string, calls: number): Promise<number> {
  const now = Date.now();
  const firstStartAt = now - (calls + 100) * callSpacingMs;
  await makeTables(url, firstStartAt, now);
  await withClient(url, async (client) => {
    // Nothing that is lost here is missed.
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '512MB'`);
    const indexes = await dropIndexes(client);
    for (const sql of fillSql(calls, firstStartAt)) await client.query(sql);
    for (const index of indexes) await client.query(index);
    await client.query('VACUUM (ANALYZE)');
  });
  return firstStartAt;
}

/** Makes the open downloads due at once, at a storage that listens on these ports. */
export async function makeDue(url: string, calls: number, ports: readonly number[]): Promise<void> {
  const now = Date.now();
  await withClient(url, (client) =>
    client.query(
      `UPDATE recordings SET next_attempt_at = $2::bigint + id % 1000, deadline_at = $3::bigint + id,
         host = '127.0.0.1:' || port, link = 'http://127.0.0.1:' || port || substr(link, strpos(link, '/agent/'))
       FROM (SELECT id AS due, ($4::integer[])[1 + id % $5::integer] AS port FROM recordings WHERE id > $1) AS open
       WHERE id = due`,
      [calls - openDownloadsOf(calls), now, now + 6 * dayMs, ports, ports.length],
    ),
  );
}

/** The schema, with a partition for every month that is written to. */
async function makeTables(url: string, from: number, to: number): Promise<void> {
  const database = new Database({ url, connections: 1 });
  try {
    await migrate(database, schemaSteps);
    const partitions = new Partitions(database);
    for (let at = from; toMonth(at) <= toMonth(to); at += 28 * dayMs) {
      await partitions.need('journal', [toMonth(at)]);
      await partitions.need('attempts', [toMonth(at)]);
    }
  } finally {
    await database.close();
  }
}

/** Indexes made once over all rows cost a fraction of indexes that grow row by row. Returns how to make them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes
     WHERE tablename IN ('calls', 'recordings') AND indexname NOT LIKE '%pkey'`,
  );
  for (const { indexname } of rows) await client.query(`DROP INDEX ${indexname}`);
  return rows.map(({ indexdef }) => indexdef);
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
