import {
  Database,
  type Result,
  type Transaction,
  type TransactionOptions,
} from '../../src/store/postgres/database.js';
import { lookUpPlans } from '../../src/store/postgres/transactions.js';
import { toStoredText } from '../../src/store/rows/row.js';

interface Noted {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly looksUp: boolean;
}

let plans = 0;

/** A database that notes each statement with its values, so that the very statement can be explained. */
export class NotingDatabase extends Database {
  readonly noted: Noted[] = [];

  override run(sql: string, values: readonly unknown[] = [], withinMs?: number): Promise<Result> {
    this.noted.push({ sql, values, looksUp: false });
    return super.run(sql, values, withinMs);
  }

  override transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const looksUp = (options.looksUp ?? false) || (options.locksJournal ?? false);
    return super.transaction(
      ({ run }) =>
        work({
          run: (sql, values = []) => {
            this.noted.push({ sql, values, looksUp });
            return run(sql, values);
          },
        }),
      options,
    );
  }

  /**
   * The plans of each statement since the last time: the one for its values, and the one for any values, which
   * PostgreSQL takes for a prepared statement once it has seen a few.
   */
  async takePlans(): Promise<{ sql: string; plan: string }[]> {
    const told: { sql: string; plan: string }[] = [];
    const explainable = this.noted
      .splice(0)
      .filter(({ sql }) => /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)/.test(sql));
    for (const { sql, values, looksUp } of explainable) {
      for (const mode of ['force_custom_plan', 'force_generic_plan']) {
        const name = `plan_${++plans}`;
        const given = values.length === 0 ? '' : `(${values.map(toLiteral).join(', ')})`;
        const rows = await this.script(
          `SET LOCAL plan_cache_mode = ${mode}${looksUp ? lookUpPlans : ''}; PREPARE ${name} AS ${sql}; EXPLAIN EXECUTE ${name} ${given}`,
        );
        told.push({ sql, plan: rows.map((row) => row['QUERY PLAN'] as string).join('\n') });
      }
    }
    return told;
  }
}

function toLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return toLiteral(`{${value.map(toElement).join(',')}}`);
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${toStoredText(text).replaceAll("'", "''")}'`;
}

function toElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
