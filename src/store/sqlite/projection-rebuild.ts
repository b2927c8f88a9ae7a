import type { Change, ProjectionRebuild } from '../projection.js';
import { assetColumns, toStateNumber } from '../rows/recording-row.js';
import type { Connection, Synchronous } from './connection.js';
import { readCursor } from './journal-table.js';
import { packChanges } from './packed-changes.js';
import { moveAllTags, ProjectionTable } from './projection-table.js';
import { projectionTables } from './store-schema.js';

const tables = ['calls', 'recordings', 'recording_counts'] as const;
const archived = toStateNumber('archived');

/**
 * Builds calls and recordings anew in tables of their own, beside those in use, and then takes their place
 * in one transaction. Readers and a running server see the old ones until that moment and the new ones after.
 * What the journal does not hold is carried over: the archiver's own bookkeeping (waits, leases, blocked
 * hosts), and which of its links a recording has, since that depends on when the archiver gave one up.
 */
export class SqliteProjectionRebuild implements Synchronous<ProjectionRebuild> {
  #suffix = '';
  #table: ProjectionTable | undefined;

  constructor(private readonly connection: Connection) {}

  begin(): void {
    this.connection.transaction(() => {
      this.#dropUnfinished();
      this.#suffix = this.#freeSuffix();
      this.connection.exec(projectionTables(this.#suffix));
    });
    this.#table = new ProjectionTable(this.connection, this.#suffix);
  }

  apply(changes: readonly Change[]): void {
    this.connection.transaction(() => {
      this.#table?.fold(packChanges(changes));
    });
  }

  finish(cursor: number): boolean {
    return this.connection.transaction(() => {
      // The old ones must have seen what the new ones have, no more and no less: then what is carried over fits.
      if (readCursor(this.connection, 'projector') !== cursor) return false;
      this.#carryOver();
      for (const table of tables) {
        this.connection.exec(`DROP TABLE ${table}; ALTER TABLE ${table}${this.#suffix} RENAME TO ${table}`);
      }
      moveAllTags(this.connection);
      return true;
    });
  }

  #carryOver(): void {
    const next = `recordings${this.#suffix}`;
    const carry = (columns: string, condition: string): void => {
      this.connection.exec(
        `UPDATE ${next} SET (${columns}) = (SELECT ${columns} FROM recordings o WHERE o.id = ${next}.id)
         WHERE EXISTS (SELECT 1 FROM recordings o WHERE o.id = ${next}.id AND ${condition})`,
      );
    };
    // A generation must never come again: an old lease could settle a new one, and an event would be taken for a repeated one.
    carry('generation', 'true');
    carry('host, link, link_seq, deadline_at', `o.link_seq <> ${next}.link_seq`);
    carry(
      `state, phase, next_attempt_at, forced, leased_until, leased_link_seq, reason, short, ${Object.keys(assetColumns).join(', ')}`,
      // Archived at one time in both is archived by one event. What was deleted by an event that is still to be folded stays so.
      `NOT (${next}.state = ${archived} AND o.state = ${archived} AND o.archived_at = ${next}.archived_at)`,
    );
    this.connection.exec(
      `UPDATE calls${this.#suffix} AS c SET recording_states =
         (SELECT coalesce(sum(DISTINCT 1 << state), 0) FROM ${next} WHERE call = c.id);
       UPDATE recording_counts${this.#suffix} AS counts
         SET count = (SELECT count(*) FROM ${next} WHERE ${next}.state = counts.state)`,
    );
  }

  /** Index names outlive a renaming of their table: every rebuild needs names that no index has. */
  #freeSuffix(): string {
    const names = this.connection
      .prepare(`SELECT name FROM sqlite_schema WHERE name GLOB '*_rebuild_[0-9]*'`)
      .all();
    const used = names.map(({ name }) => Number(/_rebuild_(\d+)/.exec(name as string)?.[1]));
    return `_rebuild_${Math.max(0, ...used) + 1}`;
  }

  #dropUnfinished(): void {
    const unfinished = this.connection
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '*_rebuild_[0-9]*'`)
      .all();
    for (const { name } of unfinished) this.connection.exec(`DROP TABLE "${name as string}"`);
  }
}
