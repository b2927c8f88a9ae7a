/**
 * The parts that a process may run. `intake` takes pushes and brings with it the duties behind them: sorting,
 * projecting, cleaning.
 */
export const processRoles = ['intake', 'archive', 'deliver', 'api'] as const;
export type ProcessRole = (typeof processRoles)[number];

/** A process as it last told of itself. */
export interface ProcessReport {
  /** Instance: made anew by each start. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly version: string;
  readonly startedAt: number;
  readonly seenAt: number;
  /** Where its pushes go, and what waits in its local inbox; absent where it takes none. */
  readonly inbox?: ProcessInbox;
  /** How many endpoints it serves; absent where it serves none. */
  readonly endpoints?: number;
}

export interface ProcessInbox {
  readonly goesTo: 'database' | 'local';
  /** Pushes of its local inbox that are not in the database yet. */
  readonly pending: number;
  readonly bytes: number;
  readonly oldestAt?: number;
}

/** Who runs, for all to see. */
export interface Processes {
  /** Puts the report in the place of the one before. */
  tell(report: ProcessReport): Promise<void>;
  /** Those seen since `since`, oldest start first. */
  list(since: number): Promise<ProcessReport[]>;
  /** It stops, and says so. */
  leave(id: string): Promise<void>;
}
