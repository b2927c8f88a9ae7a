import { Database } from './database.js';
import { migrate } from './migrate.js';
import { schemaSteps } from './store-schema.js';

export interface PostgresStoreOptions {
  readonly url: string;
  /** Connections at most; each thread of a process opens a store of its own. */
  readonly connections: number;
  /** Shown by PostgreSQL in `pg_stat_activity`. */
  readonly applicationName?: string;
}

export type PostgresStore = ReturnType<typeof openPostgresStore>;

/**
 * The store in PostgreSQL, shared with any number of processes. Nothing is asked of the server before the first call;
 * `prepare` brings the schema up and rejects where it cannot (StoreError): it may be called again, and one process,
 * or thread of it, that has succeeded is enough.
 */
export function openPostgresStore(options: PostgresStoreOptions) {
  const database = new Database(options);
  return {
    prepare: () => migrate(database, schemaSteps),
    close: () => database.close(),
  };
}
