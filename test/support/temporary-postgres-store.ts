import { Database } from '../../src/store/postgres/database.js';
import { openPostgresStore, type PostgresStore } from '../../src/store/postgres/open-postgres-store.js';
import { createPreparedDatabase } from './temporary-database.js';

export interface TemporaryPostgresStore {
  readonly url: string;
  readonly store: PostgresStore;
  /** The same database, for what no role says. */
  readonly database: Database;
  /** One more store on it, as another process has. It is closed with the first. */
  open(): PostgresStore;
  close(): Promise<void>;
}

/** A store in a database of its own; `close` removes both. */
export async function openTemporaryPostgresStore(): Promise<TemporaryPostgresStore> {
  const { url, drop } = await createPreparedDatabase();
  const database = new Database({ url, connections: 8 });
  const stores: PostgresStore[] = [];
  const open = (): PostgresStore => {
    const store = openPostgresStore({ url, connections: 4 });
    stores.push(store);
    return store;
  };
  const store = open();
  await store.prepare();
  return {
    url,
    store,
    database,
    open,
    close: async () => {
      for (const each of stores) await each.close();
      await database.close();
      await drop();
    },
  };
}
