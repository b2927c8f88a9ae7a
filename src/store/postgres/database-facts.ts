import type { Clock } from '../../domain/clock.js';
import type { Database, Row } from './database.js';
import { schemaSteps } from './store-schema.js';

/** What somebody who looks after the database wants to know of it. */
export interface DatabaseFacts {
  /** `host:port`. */
  readonly server: string;
  /** As the server says it: `15.14`. */
  readonly version: string;
  readonly answerMs: number;
  /** How far its clock is ahead of ours. */
  readonly clockAheadMs: number;
  /** 0: there is none yet. */
  readonly schema: number;
  readonly knownSchema: number;
  readonly durability: {
    readonly synchronousCommit: string;
    readonly fsync: boolean;
    readonly fullPageWrites: boolean;
  };
  readonly standbys: {
    readonly connected: number;
    /** Of them, those that have a commit before it is acknowledged. */
    readonly synchronous: number;
    /** Whether a commit waits for one (`synchronous_standby_names`). */
    readonly areAwaited: boolean;
  };
  readonly connections: { readonly used: number; readonly most: number };
}

const question = `
SELECT current_setting('server_version') AS version,
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
  to_regclass('earshot_schema') IS NOT NULL AS has_schema,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('fsync') = 'on' AS fsync,
  current_setting('full_page_writes') = 'on' AS full_page_writes,
  current_setting('synchronous_standby_names') <> '' AS awaits_standbys,
  (SELECT count(*) FROM pg_stat_replication) AS standbys,
  (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) AS synchronous_standbys,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most_connections`;

/** Asks a database about itself; it need not hold our schema. Rejects with StoreError where it cannot be used. */
export async function readDatabaseFacts(
  database: Database,
  clock: Clock,
  stopwatch: Clock,
): Promise<DatabaseFacts> {
  // The first statement also connects: the second one tells how fast it answers.
  await database.run('SELECT 1');
  const askedAt = stopwatch();
  const { rows } = await database.run(question);
  const answerMs = stopwatch() - askedAt;
  const told = rows[0] ?? {};
  return {
    server: database.server,
    version: told['version'] as string,
    answerMs,
    clockAheadMs: (told['now'] as number) - (clock() - answerMs / 2),
    schema: told['has_schema'] === true ? await readSchema(database) : 0,
    knownSchema: schemaSteps.length,
    ...toSettings(told),
  };
}

function toSettings(told: Row): Pick<DatabaseFacts, 'durability' | 'standbys' | 'connections'> {
  return {
    durability: {
      synchronousCommit: told['synchronous_commit'] as string,
      fsync: told['fsync'] as boolean,
      fullPageWrites: told['full_page_writes'] as boolean,
    },
    standbys: {
      connected: told['standbys'] as number,
      synchronous: told['synchronous_standbys'] as number,
      areAwaited: told['awaits_standbys'] as boolean,
    },
    connections: { used: told['connections'] as number, most: told['most_connections'] as number },
  };
}

async function readSchema(database: Database): Promise<number> {
  const { rows } = await database.run('SELECT version FROM earshot_schema');
  return (rows[0]?.['version'] as number | undefined) ?? 0;
}
