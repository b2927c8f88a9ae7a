import { cutPage } from '../../domain/cut-page.js';
import { asksForLength, type Call, type CallPosition, type CallQuery, type CallsReader } from '../calls.js';
import { toCall } from '../rows/call-row.js';
import { toRecording } from '../rows/recording-row.js';
import {
  type Condition,
  type Driver,
  noDriver,
  toDrivers,
  toFilters,
  toSearchDrivers,
} from './call-conditions.js';
import type { Connection, Row, SqlValue, Synchronous } from './connection.js';
import { idOfCallSql } from './journal-table.js';
import { recordingColumns } from './recording-states.js';

export class CallsTableReader implements Synchronous<CallsReader> {
  constructor(private readonly connection: Connection) {}

  search(query: CallQuery): { items: Call[]; next?: CallPosition } {
    const { sql, values } = toSql(query);
    const rows = this.connection.prepare(sql).all(...values);
    const { items, last } = cutPage(rows, query.limit, (row) => this.#toCall(row));
    if (!last) return { items };
    return { items, next: { sortAt: last['sort_at'] as number, id: last['id'] as number } };
  }

  /** A full page tells by its last row alone that it is full; only the last page is counted. */
  count(query: CallQuery): { calls: number; next?: CallPosition } {
    const { sql, values } = toSql(query, 'calls.sort_at, calls.id');
    const last = this.connection.prepare(`SELECT * FROM (${sql}) LIMIT 2 OFFSET ?`);
    const [at, more] = last.all(...values, query.limit - 1);
    if (at && more)
      return { calls: query.limit, next: { sortAt: at['sort_at'] as number, id: at['id'] as number } };
    if (at) return { calls: query.limit };
    const counted = this.connection.prepare(`SELECT count(*) AS calls FROM (${sql})`).get(...values);
    return { calls: counted?.['calls'] as number };
  }

  get(callId: string): Call | undefined {
    const row = this.connection.prepare(`SELECT * FROM calls WHERE id = (${idOfCallSql})`).get(callId);
    return row && this.#toCall(row);
  }

  #toCall(row: Row): Call {
    const recordings = this.connection
      .prepare(`SELECT ${recordingColumns} FROM recordings WHERE call = ? ORDER BY id`)
      .all(row['id'] as number)
      .map(toRecording);
    return toCall(row, recordings);
  }
}

/**
 * One query, driven by the index of its most selective condition; the planner knows no statistics and is
 * not asked: a `+` before a column keeps its index out. Newest first, keyset (sort_at, id).
 */
function toSql(query: CallQuery, columns = 'calls.*'): { sql: string; values: SqlValue[] } {
  const drivers = toDrivers(query);
  const arms = query.q === undefined ? [drivers] : toSearchDrivers(query.q).map((arm) => [arm, ...drivers]);
  const parts = arms.map((conditions) => toArm(query, columns, conditions));
  if (parts.length === 1 && parts[0]) return { sql: parts[0].sql, values: [...parts[0].values] };
  return {
    sql: `${parts.map(({ sql }) => `SELECT * FROM (${sql})`).join(' UNION ')} ORDER BY sort_at DESC, id DESC LIMIT ?`,
    values: [...parts.flatMap(({ values }) => values), query.limit + 1],
  };
}

/** A length is found in the index of the order that all pages have, and not in one of most calls. */
function toArm(query: CallQuery, columns: string, drivers: readonly Driver[]): Condition {
  const driver = drivers[0]?.isWide && asksForLength(query) ? undefined : drivers[0];
  const others = driver ? drivers.slice(1) : drivers;
  const { source } = driver ?? noDriver;
  const conditions = [
    ...(driver ? [driver.driving] : []),
    ...others.map(({ filtering }) => filtering),
    ...toFilters(query, source),
  ];
  const where = conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
  return {
    sql: `SELECT ${columns} FROM ${source.from} ${where} ORDER BY ${source.sortAt} DESC, ${source.id} DESC LIMIT ?`,
    values: [...conditions.flatMap(({ values }) => values), query.limit + 1],
  };
}
