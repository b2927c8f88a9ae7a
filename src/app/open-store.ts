import type { Logger } from 'pino';
import { InboxFileReader } from '../store/sqlite/inbox-reader.js';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.js';
import { sqliteFilesIn } from '../store/sqlite/sqlite-files.js';
import type { Config } from './config.js';
import type { MainStore } from './main-store.js';
import { openSharedStore } from './open-shared-store.js';
import { refuseMoved } from './refuse-moved.js';
import { stopForSupervisor } from './stop-for-supervisor.js';
import type { StoreWatch } from '../telemetry/store-watch.js';

/**
 * Opens the store of the main thread; its `inbox` takes pushes as soon as it can, whatever else is not there yet.
 * @throws StoreError where an inbox on the disk cannot be opened, or the embedded store was moved away.
 */
export async function openStore(config: Config, watch: StoreWatch, log: Logger): Promise<MainStore> {
  const { databaseUrl } = config;
  return databaseUrl === undefined
    ? await openEmbedded(config, log)
    : await openSharedStore(config, databaseUrl, watch, log);
}

async function openEmbedded({ dataDir }: Config, log: Logger): Promise<MainStore> {
  refuseMoved(dataDir);
  const store = await openSqliteStore(dataDir, (error) => {
    stopForSupervisor(error, log);
  });
  const inboxReader = new InboxFileReader(sqliteFilesIn(dataDir).inbox);
  return {
    ...store,
    kind: 'embedded',
    inboxReader,
    tried: store.ready,
    accessFor: () => ({ kind: 'embedded', ports: store.ports() }),
    close: async () => {
      inboxReader.close();
      await store.close();
    },
  };
}
