import type { Database } from './database.js';

/** Tables partitioned by month, each partition named for both: `journal_2025_05`. */
export const partitionedTables = ['journal', 'attempts', 'delivery_attempts'] as const;
export type PartitionedTable = (typeof partitionedTables)[number];

/** Months since January 1970, UTC. */
export function toMonth(at: number): number {
  const date = new Date(at);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export function toPartitionName(table: PartitionedTable, month: number): string {
  const year = 1970 + Math.floor(month / 12);
  return `${table}_${year}_${String((month % 12) + 1).padStart(2, '0')}`;
}

/**
 * Makes partitions before a row needs them, and remembers which are there. They are made by ATTACH, beside which
 * readers and writers of the table go on: CREATE … PARTITION OF would wait for all of them, and hold up the next.
 */
export class Partitions {
  readonly #made = new Map<string, Promise<void>>();

  constructor(private readonly database: Database) {}

  /** Resolves once rows of these months fit in. Ask before the transaction that inserts them. */
  async need(table: PartitionedTable, months: readonly number[]): Promise<void> {
    await Promise.all(months.map((month) => this.#needOne(table, month)));
  }

  #needOne(table: PartitionedTable, month: number): Promise<void> {
    const name = toPartitionName(table, month);
    let made = this.#made.get(name);
    if (!made) {
      made = this.#make(table, month, name);
      this.#made.set(name, made);
      made.catch(() => this.#made.delete(name));
    }
    return made;
  }

  async #make(table: PartitionedTable, month: number, name: string): Promise<void> {
    if (await this.#isThere(name)) return;
    // Under the journal's lock, of two that make the same one the second finds it.
    await this.database.transaction(
      async ({ run }) => {
        const { rows } = await run(isThere, [name]);
        if (rows[0]?.['is_there'] === true) return;
        await run(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL)`);
        await run(
          `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${month}) TO (${month + 1})`,
        );
      },
      { locksJournal: true },
    );
  }

  async #isThere(name: string): Promise<boolean> {
    const { rows } = await this.database.run(isThere, [name]);
    return rows[0]?.['is_there'] === true;
  }
}

const isThere =
  'SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1) AND NOT inhdetachpending) AS is_there';
