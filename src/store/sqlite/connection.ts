import { DatabaseSync } from '@photostructure/sqlite';
import { statSync } from 'node:fs';
import { fromStoredText, toStoredText } from '../rows/row.js';
import { StoreError, type StoreErrorKind } from '../store-error.js';

/** A value that SQLite takes or gives. */
export type SqlValue = number | string | Uint8Array | null;
export type Row = Record<string, SqlValue>;

/** A prepared statement, narrowed to what is used here. */
export interface Statement {
  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

export interface ConnectionOptions {
  readonly readOnly?: boolean;
  /** How long a statement waits for another process's lock before it fails with `busy`. */
  readonly busyTimeoutMs: number;
  readonly cacheKiB: number;
  /** Write-ahead log, unless a file needs no concurrent readers. */
  readonly journal?: 'wal' | 'delete';
}

/**
 * One connection to one SQLite file: WAL, `synchronous=FULL`, statements prepared once.
 * Automatic checkpoints are off: they would hold up whoever happens to commit; `checkpoint-thread` does them.
 */
export class Connection {
  readonly #database: InstanceType<typeof DatabaseSync>;
  readonly #statements = new Map<string, Statement>();
  readonly #identity: string | undefined;
  #logIdentity: string | undefined;

  constructor(
    readonly file: string,
    options: ConnectionOptions,
  ) {
    const { readOnly = false, busyTimeoutMs: timeout } = options;
    this.#database = naming(file, () => translateErrors(() => new DatabaseSync(file, { readOnly, timeout })));
    this.#identity = identityOf(file);
    try {
      naming(file, () => {
        this.#configure(options);
      });
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  #configure({ readOnly, journal, cacheKiB }: ConnectionOptions): void {
    if (!readOnly) this.exec(`PRAGMA journal_mode = ${journal ?? 'wal'}; PRAGMA synchronous = FULL`);
    this.exec(`PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -${cacheKiB}; PRAGMA temp_store = MEMORY`);
  }

  exec(sql: string): void {
    translateErrors(() => {
      this.#database.exec(sql);
    });
  }

  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = new PreparedStatement(translateErrors(() => this.#database.prepare(sql)));
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs `work` in one transaction that takes the write lock at its start; rolls back if it throws. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back already: then there is nothing left to roll back.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * The same without waiting for the disk: survives the process, and is forgotten with a loss of power. For
   * what a loss of power undoes anyway, such as a lease of a process that it ended.
   */
  briefTransaction<T>(work: () => T): T {
    this.exec('PRAGMA synchronous = NORMAL');
    try {
      return this.transaction(work);
    } finally {
      this.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Copies from the log into the database what no reader still needs there; blocks nobody. Returns the pages in the log. */
  checkpoint(): number {
    return Number(this.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.['log']);
  }

  /**
   * Whether the file at the path, and its log, are still those that were opened. Somebody may have moved
   * either away; SQLite does not notice, and what it commits from then on nobody will find.
   */
  isInPlace(): boolean {
    const log = identityOf(`${this.file}-wal`);
    this.#logIdentity ??= log;
    return this.#identity === identityOf(this.file) && this.#logIdentity === log;
  }

  /** `ok`, or the first thing that SQLite finds wrong with the file. */
  quickCheck(): string {
    try {
      return String(Object.values(this.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
    } catch (error) {
      // So damaged that it cannot even be checked.
      if (error instanceof StoreError && error.kind === 'corrupt') return error.message;
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Runs millions of times: no closures, and values are looked at only where they are text. */
class PreparedStatement implements Statement {
  constructor(private readonly statement: ReturnType<InstanceType<typeof DatabaseSync>['prepare']>) {}

  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint } {
    try {
      return this.statement.run(...toStored(values));
    } catch (error) {
      throw translate(error);
    }
  }

  get(...values: SqlValue[]): Row | undefined {
    try {
      const row = this.statement.get(...toStored(values)) as Row | undefined;
      return row && fromStored(row);
    } catch (error) {
      throw translate(error);
    }
  }

  all(...values: SqlValue[]): Row[] {
    try {
      return (this.statement.all(...toStored(values)) as Row[]).map(fromStored);
    } catch (error) {
      throw translate(error);
    }
  }
}

/** In place: the values are nobody else's. */
function toStored(values: SqlValue[]): SqlValue[] {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value === 'string') values[index] = toStoredText(value);
  }
  return values;
}

function fromStored(row: Row): Row {
  for (const column in row) {
    const value = row[column];
    if (typeof value === 'string') row[column] = fromStoredText(value);
  }
  return row;
}

function identityOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

// Primary result codes of SQLite: https://sqlite.org/rescode.html
const kindByResultCode: Readonly<Record<number, StoreErrorKind>> = {
  5: 'busy',
  6: 'busy',
  8: 'io',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'io',
  26: 'corrupt',
};

/** Whoever has to mend a file that cannot be opened must hear which it is. */
function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError) throw new StoreError(error.kind, `${file}: ${error.message}`);
    throw error;
  }
}

function translateErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== 'number') return error;
  return new StoreError(kindByResultCode[code & 0xff] ?? 'other', (error as Error).message);
}

/**
 * Brings a file to the newest schema: `steps[n]` leads from version n to n + 1, forward only, each in the
 * transaction that also writes the version, so that a crash leaves either the old schema or the new one.
 * @throws StoreError `newer-schema` where the file was written by a newer Earshot.
 */
export function migrate(connection: Connection, name: string, steps: readonly string[]): void {
  if (versionOf(connection) === steps.length) return;
  connection.transaction(() => {
    const version = versionOf(connection);
    if (version > steps.length) {
      throw new StoreError(
        'newer-schema',
        `${connection.file} was written by a newer Earshot (${name} schema ${version}, this one knows ${steps.length}). ` +
          'Nothing was changed. Start the newer version, or restore a backup made before the upgrade.',
      );
    }
    for (const step of steps.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

function versionOf(connection: Connection): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** A role whose methods answer at once: what runs inside the writer's thread. */
export type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never;
};
