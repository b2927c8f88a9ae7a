import type { CommonRoles } from '../common-roles.js';
import { toCommonRoles } from '../shared-sql/common-operations.js';
import type { DatedRows, Operation } from '../shared-sql/operations.js';
import type { LockName, Step, Work } from '../shared-sql/work.js';
import type { Database, Result, Transaction } from './database.js';
import { monthsOf as journalMonthsOf } from './journal-append.js';
import { toMonth, type Partitions } from './partitions.js';
import { postgresDialect } from './postgres-dialect.js';
import { insertSql, toArrays, updateSql } from './row-arrays.js';

/** Of the whole database; 0 to 2 are those of the schema, the journal and the inbox. */
const locks: Readonly<Record<LockName, number>> = {
  accounts: 0x45_61_72_10,
  'audit-log': 0x45_61_72_11,
  jobs: 0x45_61_72_12,
  'link-keys': 0x45_61_72_13,
};

/** The roles that are written once. */
export function commonRolesIn(database: Database, partitions: Partitions): CommonRoles {
  return toCommonRoles(postgresDialect, ({ operation, args }) =>
    runOperation({ database, partitions }, operation, args),
  );
}

/** Runs an operation: in a transaction, or, where it only reads, statement by statement. */
async function runOperation<Args extends unknown[], T>(
  { database, partitions }: { readonly database: Database; readonly partitions: Partitions },
  { kind, work, dated, isBrief }: Operation<Args, T>,
  args: Args,
): Promise<T> {
  if (kind === 'read') return await runWork(database, work(...args));
  const rows = dated?.(...args) ?? [];
  for (const { table, at } of rows) await partitions.need(table, monthsOf(table, at));
  return await database.transaction((transaction) => runWork(transaction, work(...args)), {
    isBrief: kind === 'brief' || kind === 'page' || isBrief?.(...args) === true,
    looksUp: true,
    locksJournal: rows.some(({ table }) => table === 'journal'),
  });
}

/** Of one append to the journal all entries lie in the month of the newest. */
function monthsOf(table: DatedRows['table'], at: readonly number[]): number[] {
  return table === 'journal' ? journalMonthsOf(at) : [...new Set(at.map(toMonth))];
}

async function runWork<T>(runner: Pick<Transaction, 'run'>, work: Work<T>): Promise<T> {
  let next = work.next();
  while (next.done !== true) next = work.next(await runStep(runner, next.value));
  return next.value;
}

function runStep(runner: Pick<Transaction, 'run'>, step: Step): Promise<Result> {
  switch (step.kind) {
    case 'statement':
      return runner.run(step.sql, step.parameters);
    case 'insert':
      return runner.run(
        `${insertSql(step.table, step.columns)} ${step.onConflict ?? ''}`,
        toArrays(step.rows, step.columns),
      );
    case 'update':
      return runner.run(updateSql(step.table, step.columns), toArrays(step.rows, step.columns));
    case 'lock':
      return runner.run(`SELECT pg_advisory_xact_lock(${locks[step.name]})`);
    case 'wake':
      return runner.run(`SELECT pg_notify('earshot', $1)`, [step.wakeUp]);
  }
}
