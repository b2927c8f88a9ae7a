import type { Change, ProjectionRebuild } from '../projection.js';
import { StoreError } from '../store-error.js';
import { projectedTables, projectionTables } from './calls-schema.js';
import type { Database, Transaction } from './database.js';
import { foldInto, holdProjectorCursor, moveAllTags } from './projection-table.js';
import { carryBookkeeping, carryForgotten, countAnew, restateAnew } from './rebuild-carry.js';
import { schemaSteps } from './store-schema.js';

/** Once everything stands still for it, the last look over both tables may take its time; at five million calls it is seconds. */
const swapWithinMs = 120_000;

/**
 * Builds calls and recordings anew in tables of their own, beside those in use, and then takes their place in one
 * transaction. Readers and running servers see the old ones until that moment and the new ones after. What the
 * journal does not hold is carried over: the archiver's own bookkeeping (waits, leases, blocked hosts), which of its
 * links a recording has, since that depends on when the archiver gave one up, and whatever began in months of the
 * journal that have been dropped.
 */
export class PostgresProjectionRebuild implements ProjectionRebuild {
  #suffix = '';
  #firstKept = 0;

  constructor(private readonly database: Database) {}

  async begin(): Promise<void> {
    await this.#refuseNewerSchema();
    // A number that was never used: one that begins later drops our tables and must not make others by their names.
    const { rows } = await this.database.run('SELECT pg_current_xact_id()::text AS id');
    this.#suffix = `_rebuild_${rows[0]?.['id'] as string}`;
    this.#firstKept = await this.#readFirstKept();
    const unfinished = await this.database.run(
      `SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
       WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname ~ '_rebuild_[0-9]+$'`,
    );
    for (const { name } of unfinished.rows) await this.database.run(`DROP TABLE IF EXISTS ${name as string}`);
    await this.database.script(projectionTables(this.#suffix));
    await carryForgotten(this.database, this.#suffix, this.#firstKept);
  }

  async apply(changes: readonly Change[]): Promise<void> {
    await this.database.transaction((transaction) => foldInto(transaction, changes, this.#suffix), {
      looksUp: true,
    });
  }

  async finish(cursor: number): Promise<boolean> {
    // Nearly all is carried over beforehand, in steps that hold nobody up; then the last look finds little to change.
    await carryBookkeeping(this.database, this.#suffix);
    for (const table of projectedTables) await this.database.run(`ANALYZE ${table}${this.#suffix}`);
    return await this.database.transaction((transaction) => this.#takePlace(transaction, cursor), {
      answerWithinMs: swapWithinMs,
    });
  }

  async #takePlace(transaction: Transaction, cursor: number): Promise<boolean> {
    // The old ones must have seen what the new ones have, no more and no less: then what is carried over fits.
    if ((await holdProjectorCursor(transaction)) !== cursor) return false;
    if ((await this.#readFirstKept(transaction)) !== this.#firstKept) {
      throw new StoreError(
        'busy',
        'Months of the journal were dropped while it was read. Nothing was changed. Begin again.',
      );
    }
    for (const table of projectedTables)
      await transaction.run(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    await carryBookkeeping(transaction, this.#suffix);
    await restateAnew(transaction, this.#suffix);
    await countAnew(transaction, this.#suffix);
    for (const table of projectedTables) await takeName(transaction, table, this.#suffix);
    await moveAllTags(transaction);
    return true;
  }

  /** The number of the first entry that is kept. */
  async #readFirstKept(runner: Pick<Transaction, 'run'> = this.database): Promise<number> {
    const { rows } = await runner.run('SELECT coalesce(min(first_seq), 0) AS seq FROM journal_months');
    return rows[0]?.['seq'] as number;
  }

  /** Tables are made as this version knows them. */
  async #refuseNewerSchema(): Promise<void> {
    const { rows } = await this.database.run('SELECT version FROM earshot_schema');
    const version = rows[0]?.['version'] as number;
    if (version === schemaSteps.length) return;
    throw new StoreError(
      'newer-schema',
      `The database was brought to schema ${version} by another Earshot; this one knows ${schemaSteps.length}. ` +
        'Nothing was changed. Rebuild with the version that runs.',
    );
  }
}

/** The table of a rebuild gets the name of the one in use, which goes; so do its indexes and statistics. */
async function takeName({ run }: Transaction, table: string, suffix: string): Promise<void> {
  await run(`DROP TABLE ${table}`);
  await run(`ALTER TABLE ${table}${suffix} RENAME TO ${table}`);
  const { rows } = await run(
    `SELECT 'INDEX' AS kind, c.relname AS name FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
     WHERE i.indrelid = to_regclass($1)
     UNION ALL SELECT 'STATISTICS', stxname FROM pg_statistic_ext WHERE stxrelid = to_regclass($1)`,
    [table],
  );
  for (const { kind, name } of rows as { kind: string; name: string }[]) {
    await run(`ALTER ${kind} ${name} RENAME TO ${name.replace(suffix, '')}`);
  }
}
