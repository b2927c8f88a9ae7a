import { CallsTableReader } from './calls-reader.js';
import { commonRolesOn } from './common-roles.js';
import { Connection } from './connection.js';
import { JournalTableReader } from './journal-reader.js';
import { JournalTable } from './journal-table.js';
import { SqliteProjectionRebuild } from './projection-rebuild.js';
import { ProjectionTable } from './projection-table.js';
import { PublishingTable } from './publishing-table.js';
import { RecordingsTableReader } from './recordings-reader.js';
import { migrateStore } from './store-schema.js';

/** The roles that write to the store file, on its one writing connection. */
export function openStoreWriter(file: string) {
  const connection = new Connection(file, { busyTimeoutMs: 10_000, cacheKiB: 24 * 1024 });
  try {
    migrateStore(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    journal: new JournalTable(connection),
    projection: new ProjectionTable(connection),
    rebuild: new SqliteProjectionRebuild(connection),
    publishing: new PublishingTable(connection),
    ...commonRolesOn(connection),
    file: fileRole(connection),
  };
}

/** The roles that only read, on a connection that cannot write. */
export function openStoreReader(file: string, cacheKiB = 8 * 1024) {
  const connection = new Connection(file, { readOnly: true, busyTimeoutMs: 2_000, cacheKiB });
  return {
    journal: new JournalTableReader(connection),
    calls: new CallsTableReader(connection),
    recordings: new RecordingsTableReader(connection),
    ...commonRolesOn(connection),
    file: fileRole(connection),
  };
}

function fileRole(connection: Connection) {
  return {
    /** The file is open by now; what stood in the way would have been the answer. */
    open: () => undefined,
    checkpoint: () => connection.checkpoint(),
    check: () => connection.quickCheck(),
    close: () => {
      connection.close();
    },
  };
}

export type StoreFileReader = ReturnType<typeof openStoreReader>;
