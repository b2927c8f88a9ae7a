import type { CopySource, CopyTarget, MoveMarks } from '../copying.js';
import { PostgresCopySource } from './copy-source.js';
import { PostgresCopyTarget } from './copy-target.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import { MoveMarksTable } from './move-marks.js';
import { Partitions } from './partitions.js';
import { schemaSteps } from './store-schema.js';

export interface PostgresCopyRoles {
  /** What is there. */
  readonly source: CopySource;
  readonly target: CopyTarget;
  readonly marks: MoveMarks;
  /** `host:port` of the server. */
  readonly server: string;
  close(): Promise<void>;
}

/** A database as a move reads or fills it; the schema is made where it is missing. Rejects with StoreError. */
export async function openPostgresCopy(url: string, newIdentity: () => string): Promise<PostgresCopyRoles> {
  const database = new Database({ url, connections: 2, applicationName: 'earshot move' });
  try {
    await migrate(database, schemaSteps);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    source: new PostgresCopySource(database),
    target: new PostgresCopyTarget(database, new Partitions(database)),
    marks: new MoveMarksTable(database, newIdentity),
    server: database.server,
    close: () => database.close(),
  };
}
