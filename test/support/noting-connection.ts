import { Connection, type SqlValue, type Statement } from '../../src/store/sqlite/connection.js';

/** A connection that notes each query with its values, so that the very query can be explained. */
export class NotingConnection extends Connection {
  readonly noted: { sql: string; values: SqlValue[] }[] = [];

  override prepare(sql: string): Statement {
    const statement = super.prepare(sql);
    const note = (values: SqlValue[]): SqlValue[] => {
      this.noted.push({ sql, values });
      return values;
    };
    return {
      run: (...values) => statement.run(...note(values)),
      get: (...values) => statement.get(...note(values)),
      all: (...values) => statement.all(...note(values)),
    };
  }

  /** The plan of each query since the last time, a step a line. */
  takePlans(): string[] {
    return this.noted.splice(0).map(({ sql, values }) =>
      super
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => detail as string)
        .join('\n'),
    );
  }
}
