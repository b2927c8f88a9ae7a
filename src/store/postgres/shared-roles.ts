import type { SharedRoles } from '../shared-roles.js';
import type { Database } from './database.js';
import { DutiesTable } from './duties-table.js';
import { ProcessesTable } from './processes-table.js';
import { PartitionsRetention } from './retention.js';
import { SecretsTable } from './secrets-table.js';
import type { WakeUpListener } from './wake-up-listener.js';

export function createSharedRoles(database: Database, wakeUps: WakeUpListener): SharedRoles {
  return {
    duties: new DutiesTable(database),
    processes: new ProcessesTable(database),
    secrets: new SecretsTable(database),
    retention: new PartitionsRetention(database),
    wakeUps,
    toSharedClock: (clock) => () => database.serverTime ?? clock(),
  };
}
