import type { Row } from '../rows/row.js';

export type { Row };

export interface Result {
  readonly rows: Row[];
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
}

export interface Transaction {
  /** One statement, prepared once for each connection. */
  readonly run: (sql: string, values?: readonly unknown[]) => Promise<Result>;
}
