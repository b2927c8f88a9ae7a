import type { Operation } from '../shared-sql/operations.js';
import type { LockName, Step, Work } from '../shared-sql/work.js';
import type { Database, Result, Transaction } from './database.js';

/** Of the whole database; 0 to 2 are those of the schema, the journal and the inbox. */
const locks: Readonly<Record<LockName, number>> = {
  accounts: 0x45_61_72_10,
  'audit-log': 0x45_61_72_11,
  jobs: 0x45_61_72_12,
};

/** Runs an operation: in a transaction, or, where it only reads, statement by statement. */
export async function runOperation<Args extends unknown[], T>(
  database: Database,
  { kind, work }: Operation<Args, T>,
  args: Args,
): Promise<T> {
  if (kind === 'read') return await runWork(database, work(...args));
  return await database.transaction((transaction) => runWork(transaction, work(...args)), {
    isBrief: kind === 'brief' || kind === 'page',
    looksUp: true,
  });
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
    case 'lock':
      return runner.run(`SELECT pg_advisory_xact_lock(${locks[step.name]})`);
    case 'wake':
      return runner.run(`SELECT pg_notify('earshot', $1)`, [step.wakeUp]);
  }
}
