import { StoreError } from '../store-error.js';
import type { Database } from './database.js';

/** Of processes that start at the same moment only one migrates; the others wait for it here. */
const migrationLock = 0x45_61_72_00;

/**
 * Brings the database to the newest schema: `steps[n]` leads from version n to n + 1, forward only, each in the
 * transaction that also writes the version. A step only adds (expand): processes of the version before run on beside
 * it, and what nobody uses any more is dropped a release later (contract), which raises `needs`.
 * @throws StoreError `newer-schema` where the schema does not serve this version any more.
 */
export async function migrate(database: Database, steps: readonly string[]): Promise<void> {
  if ((await versionOf(database)) === steps.length) return;
  await database.transaction(async (transaction) => {
    await transaction.run(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    await transaction.run(
      'CREATE TABLE IF NOT EXISTS earshot_schema (version integer NOT NULL, serves_from integer NOT NULL)',
    );
    const { rows } = await transaction.run('SELECT version, serves_from FROM earshot_schema');
    const version = (rows[0]?.['version'] as number | undefined) ?? 0;
    const servesFrom = (rows[0]?.['serves_from'] as number | undefined) ?? 0;
    if (servesFrom > steps.length) {
      throw new StoreError(
        'newer-schema',
        `The database was brought to schema ${version} by a newer Earshot, and no longer serves this one, which knows ${steps.length}. ` +
          'Nothing was changed. Start the newer version.',
      );
    }
    if (version >= steps.length) return;
    for (const step of steps.slice(version)) {
      for (const statement of splitStatements(step)) await transaction.run(statement);
    }
    await transaction.run('DELETE FROM earshot_schema');
    await transaction.run('INSERT INTO earshot_schema VALUES ($1, $2)', [steps.length, oldestServed]);
  });
}

/** The oldest version of the schema whose processes may run on beside this one's. */
const oldestServed = 1;

async function versionOf(database: Database): Promise<number> {
  const { rows } = await database.run(`SELECT to_regclass('earshot_schema') IS NOT NULL AS is_there`);
  if (rows[0]?.['is_there'] !== true) return 0;
  const version = await database.run('SELECT version FROM earshot_schema');
  return (version.rows[0]?.['version'] as number | undefined) ?? 0;
}

/** A prepared statement is one statement. Ours hold no semicolon but the one behind them, and those between two `$$`. */
function splitStatements(step: string): string[] {
  return step
    .replaceAll(/--.*$/gm, '')
    .split(/;(?=(?:[^$]*\$\$[^$]*\$\$)*[^$]*$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
