import type { Work } from './work.js';

/**
 * `read`: statement by statement, on any connection. `page`: the same of a table that grows for years; its plans look up
 * rows by an index, whatever the planner knows of the table. `write`: in one transaction, durable when it returns.
 * `brief`: in one transaction, and a loss of power within a moment may undo it.
 */
export type OperationKind = 'read' | 'page' | 'write' | 'brief';

/** One method of a role. */
export interface Operation<Args extends readonly unknown[], T> {
  readonly kind: OperationKind;
  readonly work: (...args: Args) => Work<T>;
  /**
   * The tables with a partition for each month that rows of these instants go into. PostgreSQL makes the partitions
   * before the transaction begins, which also takes the lock on the journal where it appends to that.
   */
  readonly dated?: (...args: Args) => readonly DatedRows[];
  /** Whether one that writes may be undone by a loss of power, where that depends on what it is asked. */
  readonly isBrief?: (...args: Args) => boolean;
}

export interface DatedRows {
  readonly table: 'journal' | 'attempts' | 'delivery_attempts';
  readonly at: readonly number[];
}

/** A role as its operations: one for each of its methods. */
export type OperationsOf<Role> = {
  readonly [Method in keyof Role]: Role[Method] extends (...args: infer Args) => Promise<infer T>
    ? Operation<Args, T>
    : never;
};

export function read<Args extends readonly unknown[], T>(work: (...args: Args) => Work<T>) {
  return { kind: 'read', work } as const satisfies Operation<Args, T>;
}

export function page<Args extends readonly unknown[], T>(work: (...args: Args) => Work<T>) {
  return { kind: 'page', work } as const satisfies Operation<Args, T>;
}

export function write<Args extends readonly unknown[], T>(
  work: (...args: Args) => Work<T>,
  options: Pick<Operation<Args, T>, 'dated' | 'isBrief'> = {},
) {
  return { kind: 'write', work, ...options } as const satisfies Operation<Args, T>;
}

export function brief<Args extends readonly unknown[], T>(work: (...args: Args) => Work<T>) {
  return { kind: 'brief', work } as const satisfies Operation<Args, T>;
}

/** An object with the same methods, each of which runs its operation in some way. */
export function toRole(
  operations: object,
  run: (method: string, operation: Operation<unknown[], unknown>, args: unknown[]) => unknown,
): object {
  const entries = Object.entries(operations) as [string, Operation<unknown[], unknown>][];
  return Object.fromEntries(
    entries.map(([method, operation]) => [
      method,
      (...args: unknown[]): unknown => run(method, operation, args),
    ]),
  );
}

export function isReading({ kind }: Operation<never[], unknown>): boolean {
  return kind === 'read' || kind === 'page';
}
