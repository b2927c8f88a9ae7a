import { CallsTableReader } from './calls-reader.js';
import { Database } from './database.js';
import { DeliveriesTableReader } from './deliveries-reader.js';
import { DispatchTable } from './dispatch-table.js';
import { DownloadsTable } from './downloads-table.js';
import { EndpointsTableReader } from './endpoints-reader.js';
import { EndpointsTable } from './endpoints-table.js';
import { JournalTableReader } from './journal-reader.js';
import { migrate } from './migrate.js';
import { Partitions } from './partitions.js';
import { PostgresProjectionRebuild } from './projection-rebuild.js';
import { ProjectionTable } from './projection-table.js';
import { RecordingsTableReader } from './recordings-reader.js';
import { RecordingsTable } from './recordings-table.js';
import { ReplaysTableReader } from './replays-reader.js';
import { ReplaysTable } from './replays-table.js';
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
  const partitions = new Partitions(database);
  const journal = new JournalTableReader(database);
  return {
    journal,
    projection: new ProjectionTable(database),
    rebuild: new PostgresProjectionRebuild(database),
    calls: new CallsTableReader(database),
    recordings: new RecordingsTableReader(database),
    recordingsWriter: new RecordingsTable(database, partitions),
    downloads: new DownloadsTable(database, partitions),
    endpoints: new EndpointsTableReader(database),
    endpointsWriter: new EndpointsTable(database, journal),
    dispatch: new DispatchTable(database, partitions),
    deliveries: new DeliveriesTableReader(database),
    replays: new ReplaysTableReader(database),
    replaysWriter: new ReplaysTable(database),
    prepare: () => migrate(database, schemaSteps),
    close: () => database.close(),
  };
}
