import { CallsTableReader } from './calls-reader.js';
import { Database } from './database.js';
import { InboxTableReader } from './inbox-reader.js';
import { InboxTableWriter } from './inbox-writer.js';
import { JournalTableReader } from './journal-reader.js';
import { JournalTable } from './journal-table.js';
import { migrate } from './migrate.js';
import { refuseMoved } from './move-marks.js';
import { Partitions } from './partitions.js';
import { PostgresProjectionRebuild } from './projection-rebuild.js';
import { ProjectionTable } from './projection-table.js';
import { PublishingTable } from './publishing-table.js';
import { RecordingsTableReader } from './recordings-reader.js';
import { createSharedRoles } from './shared-roles.js';
import { commonRolesIn } from './run-work.js';
import { schemaSteps } from './store-schema.js';
import { WakeUpListener } from './wake-up-listener.js';

export interface PostgresStoreOptions {
  readonly url: string;
  /** Connections at most; each thread of a process opens a store of its own. */
  readonly connections: number;
  /** What does not answer within this time counts as gone; 15 s unless said otherwise. */
  readonly answerWithinMs?: number;
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
  const wakeUps = new WakeUpListener(database);
  return {
    inbox: new InboxTableWriter(database),
    inboxReader: new InboxTableReader(database),
    journal: new JournalTableReader(database),
    journalWriter: new JournalTable(database, partitions),
    publishing: new PublishingTable(database, partitions),
    ...commonRolesIn(database, partitions),
    projection: new ProjectionTable(database),
    rebuild: new PostgresProjectionRebuild(database),
    calls: new CallsTableReader(database),
    recordings: new RecordingsTableReader(database),
    shared: createSharedRoles(database, wakeUps),
    prepare: async (): Promise<void> => {
      await migrate(database, schemaSteps);
      await refuseMoved(database);
      await partitions.makeAhead();
    },
    close: async (): Promise<void> => {
      wakeUps.close();
      await database.close();
    },
  };
}
