import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.js';
import { createPreparedDatabase } from '../support/temporary-database.js';
import type { StoreUnderTest } from './store-under-test.js';

/** Databases of one test file: as many as it has stores open at a time, emptied between tests. The suite is in two files, which two workers share. */
export interface PostgresUnderTest {
  open(): Promise<StoreUnderTest>;
  drop(): Promise<void>;
}

interface EmptyDatabase {
  readonly url: string;
  readonly empty: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

export function openPostgresUnderTest(): PostgresUnderTest {
  const all: EmptyDatabase[] = [];
  const free: EmptyDatabase[] = [];
  return {
    open: async () => {
      const database = free.pop() ?? (await createPrepared());
      if (!all.includes(database)) all.push(database);
      return openIn(database.url, async () => {
        await database.empty();
        free.push(database);
      });
    },
    drop: async () => {
      for (const database of all) await database.drop();
    },
  };
}

function openIn(url: string, onClose: () => Promise<void>): StoreUnderTest {
  const store = openPostgresStore({ url, connections: 3 });
  return {
    ...store,
    reopen: async () => {
      await store.close();
      return openIn(url, onClose);
    },
    close: async () => {
      await store.close();
      await onClose();
    },
  };
}

async function createPrepared(): Promise<EmptyDatabase> {
  const { url, drop } = await createPreparedDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const emptying = await emptyingSql(client);
  return {
    url,
    empty: async () => {
      await client.query(emptying);
    },
    drop: async () => {
      await client.end();
      await drop();
    },
  };
}

/**
 * Everything goes but the schema; what a new database holds comes back. Truncating would make every file anew. The
 * audit log lets nobody delete but who sets its triggers aside.
 */
const emptySql = `
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT oid::regclass FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'earshot_schema'
  LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
  FOR name IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
  LOOP PERFORM setval(name::regclass, 1, false); END LOOP;
END $$;`;

async function emptyingSql(client: pg.Client): Promise<string> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relispartition AND relname <> 'earshot_schema'`,
  );
  let sql = emptySql;
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT * FROM ${name}`);
    if (rows.length === 0) continue;
    const json = pg.escapeLiteral(JSON.stringify(rows));
    sql += `INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, ${json});`;
  }
  return sql;
}
