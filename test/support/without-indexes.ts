import type { Database } from '../../src/store/postgres/database.js';

/** Fills tables whose secondary indexes are made afterwards: a million rows then take seconds. */
export async function withoutIndexes(
  database: Database,
  tables: readonly string[],
  fill: () => Promise<unknown>,
): Promise<void> {
  const { rows } = await database.run(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = ANY($1::text[]) AND indexdef NOT LIKE '% UNIQUE %'`,
    [tables],
  );
  for (const { name } of rows) await database.run(`DROP INDEX ${name as string}`);
  await fill();
  for (const { definition } of rows) await database.run(definition as string);
}
