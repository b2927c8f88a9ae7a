import type { Database, Transaction } from './database.js';

/** Tables partitioned by month, each partition named for both: `journal_2025_05`. */
export const partitionedTables = ['journal', 'attempts', 'delivery_attempts'] as const;
export type PartitionedTable = (typeof partitionedTables)[number];

/** Months since January 1970, UTC. */
export function toMonth(at: number): number {
  const date = new Date(at);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The month that it is by the server's clock. */
export const currentMonthSql = `((extract(year FROM now() AT TIME ZONE 'UTC') - 1970) * 12 + extract(month FROM now() AT TIME ZONE 'UTC') - 1)::integer`;

export function toPartitionName(table: PartitionedTable, month: number): string {
  const year = 1970 + Math.floor(month / 12);
  return `${table}_${year}_${String((month % 12) + 1).padStart(2, '0')}`;
}

/**
 * Makes partitions before a row needs them, and remembers which are there: that of a month, and that of the next one
 * with it, so that no month's first rows wait. They are made by ATTACH, beside which readers and writers of the table
 * go on: CREATE … PARTITION OF would wait for all of them, and hold up the next.
 */
export class Partitions {
  readonly #made = new Map<string, Promise<void>>();

  constructor(private readonly database: Database) {}

  /**
   * Resolves once rows of these months fit in. Ask before the transaction that inserts them. No entry is journaled
   * under a month later than the next: a clock that is years ahead must not take the journal there with it.
   */
  async need(table: PartitionedTable, months: readonly number[]): Promise<void> {
    const now = this.database.serverTime;
    const last = table === 'journal' && now !== undefined ? toMonth(now) + 1 : Infinity;
    await Promise.all(months.map((month) => this.#needOne(table, Math.min(month, last))));
  }

  /** Those of this month and the next, in all tables. */
  async makeAhead(): Promise<void> {
    const now = this.database.serverTime;
    if (now === undefined) return;
    for (const table of partitionedTables) await this.need(table, [toMonth(now)]);
  }

  #needOne(table: PartitionedTable, month: number): Promise<void> {
    const name = toPartitionName(table, month);
    let made = this.#made.get(name);
    if (!made) {
      made = this.#make(table, [month, month + 1]);
      this.#made.set(name, made);
      made.catch(() => this.#made.delete(name));
    }
    return made;
  }

  async #make(table: PartitionedTable, months: readonly number[]): Promise<void> {
    if ((await this.#missing(this.database, table, months)).length === 0) return;
    // Under the journal's lock, of two that make the same one the second finds it.
    await this.database.transaction(
      async (transaction) => {
        for (const month of await this.#missing(transaction, table, months)) {
          const name = toPartitionName(table, month);
          await transaction.run(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL)`);
          await transaction.run(
            `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${month}) TO (${month + 1})`,
          );
        }
      },
      { locksJournal: true },
    );
  }

  async #missing(
    statements: Transaction,
    table: PartitionedTable,
    months: readonly number[],
  ): Promise<number[]> {
    const names = months.map((month) => toPartitionName(table, month));
    const { rows } = await statements.run(missingSql, [months, names]);
    return rows.map((row) => row['month'] as number);
  }
}

const missingSql = `
SELECT month FROM unnest($1::integer[], $2::text[]) AS wanted (month, name)
WHERE NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(wanted.name))`;
