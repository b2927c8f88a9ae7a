import type { Result, Transaction } from './statements.js';

/** Undone because its user threw; the connection is as good as before. */
export class Undone extends Error {
  constructor(override readonly cause: unknown) {
    super('undone');
  }
}

/** The statements of one transaction: what fails among them is the database's failure, anything else its user's. */
export class TransactionStatements {
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly runOne: Transaction['run']) {}

  /** @throws what a statement failed with, even where `work` has overlooked it; `Undone` for what `work` throws itself. */
  async within<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work({ run: (sql, values) => this.#run(sql, values) });
    } catch (error) {
      throw this.#failure ? this.#failure.error : new Undone(error);
    }
    if (this.#failure) throw this.#failure.error;
    return result;
  }

  async #run(sql: string, values?: readonly unknown[]): Promise<Result> {
    try {
      return await this.runOne(sql, values);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }
}
