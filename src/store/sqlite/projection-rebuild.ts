import type { Change, ProjectionRebuild } from '../projection.js';
import type { Connection } from './connection.js';
import { setCursor, type Synchronous } from './journal-table.js';
import { ProjectionTable } from './projection-table.js';
import { refreshCallStates, toStateNumber } from './recording-row.js';
import { projectionTables } from './store-schema.js';

const tables = ['calls', 'recordings', 'recording_counts'] as const;
const archived = toStateNumber('archived');

/**
 * Builds calls and recordings anew in tables of their own, beside those in use, and then takes their place
 * in one transaction. Readers and a running server see the old ones until that moment and the new ones after.
 * What the journal does not hold, the archiver's own bookkeeping (waits, leases, blocked hosts), is carried over.
 */
export class SqliteProjectionRebuild implements Synchronous<ProjectionRebuild> {
  #suffix = '';
  #table: ProjectionTable | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly now: () => number,
  ) {}

  begin(): void {
    this.connection.transaction(() => {
      this.#dropUnfinished();
      // Index names outlive a renaming of their table: every rebuild needs names of its own.
      this.#suffix = `_rebuild_${this.now()}`;
      this.connection.exec(projectionTables(this.#suffix));
    });
    this.#table = new ProjectionTable(this.connection, this.#suffix);
  }

  apply(changes: readonly Change[]): void {
    this.connection.transaction(() => {
      this.#table?.fold(changes);
    });
  }

  finish(cursor: number): boolean {
    return this.connection.transaction(() => {
      const last = this.connection.prepare('SELECT coalesce(max(seq), 0) AS seq FROM journal').get();
      if ((last?.['seq'] as number) > cursor) return false;
      this.#carryOver();
      for (const table of tables) {
        this.connection.exec(`DROP TABLE ${table}; ALTER TABLE ${table}${this.#suffix} RENAME TO ${table}`);
      }
      setCursor(this.connection, 'projector', cursor);
      return true;
    });
  }

  /** The archiver's columns, where the recording has the same link as before and is not safe. */
  #carryOver(): void {
    const next = `recordings${this.#suffix}`;
    const columns =
      'state, phase, next_attempt_at, forced, generation, leased_until, leased_link_seq, reason';
    const moved = this.connection
      .prepare(
        `UPDATE ${next} SET (${columns}) = (SELECT ${columns} FROM recordings o WHERE o.id = ${next}.id)
         WHERE state <> ${archived} AND EXISTS (
           SELECT 1 FROM recordings o WHERE o.id = ${next}.id AND o.link_seq = ${next}.link_seq AND o.state <> ${archived})
         RETURNING call`,
      )
      .all();
    for (const { call } of moved) refreshCallStates(this.connection, call as number, this.#suffix);
    this.connection.exec(
      `UPDATE recording_counts${this.#suffix} AS counts
         SET count = (SELECT count(*) FROM ${next} WHERE ${next}.state = counts.state)`,
    );
  }

  #dropUnfinished(): void {
    const unfinished = this.connection
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '*_rebuild_[0-9]*'`)
      .all();
    for (const { name } of unfinished) this.connection.exec(`DROP TABLE "${name as string}"`);
  }
}
