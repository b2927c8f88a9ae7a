import type { RecordingState } from '../../domain/recording.js';
import type { Call, CallPosition, CallQuery, CallsReader } from '../calls.js';
import { toCall } from '../rows/call-row.js';
import { firstEventNumber } from '../rows/entry-types.js';
import { toRecording, toStateNumber } from '../rows/recording-row.js';
import type { Connection, Row, SqlValue } from './connection.js';
import { idOfCallSql } from './journal-table.js';
import { recordingColumns } from './recording-states.js';
import type { Synchronous } from './synchronous.js';

export class CallsTableReader implements Synchronous<CallsReader> {
  constructor(private readonly connection: Connection) {}

  search(query: CallQuery): { items: Call[]; next?: CallPosition } {
    const { sql, values } = toSql(query);
    const rows = this.connection.prepare(sql).all(...values);
    const page = rows.slice(0, query.limit);
    const items = page.map((row) => this.#toCall(row));
    const last = page.at(-1);
    if (rows.length <= query.limit || !last) return { items };
    return { items, next: { sortAt: last['sort_at'] as number, id: last['id'] as number } };
  }

  /** A full page tells by its last row alone that it is full; only the last page is counted. */
  count(query: CallQuery): { calls: number; next?: CallPosition } {
    const { sql, values } = toSql(query, 'sort_at, id');
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

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * One query, driven by the index of its most selective condition; the planner knows no statistics and is
 * not asked: a `+` before a column keeps its index out. Newest first, keyset (sort_at, id).
 */
function toSql(query: CallQuery, columns = '*'): { sql: string; values: SqlValue[] } {
  const drivers = toDrivers(query);
  const others = toFilters(query);
  const arms = query.q === undefined ? [drivers] : toSearchArms(query.q).map((arm) => [arm, ...drivers]);
  const parts = arms.map(([driver, ...rest]) =>
    toArm(columns, driver, [...rest.map(withoutIndex), ...others], query.limit + 1),
  );
  if (parts.length === 1 && parts[0]) return { sql: parts[0].sql, values: [...parts[0].values] };
  return {
    sql: `${parts.map(({ sql }) => `SELECT * FROM (${sql})`).join(' UNION ')} ORDER BY sort_at DESC, id DESC LIMIT ?`,
    values: [...parts.flatMap(({ values }) => values), query.limit + 1],
  };
}

function toArm(
  columns: string,
  driver: Condition | undefined,
  filters: readonly Condition[],
  limit: number,
): Condition {
  const conditions = driver ? [driver, ...filters] : filters;
  const where = conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
  return {
    sql: `SELECT ${columns} FROM calls ${where} ORDER BY sort_at DESC, id DESC LIMIT ?`,
    values: [...conditions.flatMap(({ values }) => values), limit],
  };
}

/** Conditions that have an index of their own, the most selective first. */
function toDrivers({ callId, outId, detailId, batchId, taskId, state }: CallQuery): Condition[] {
  const equals: [string, string | undefined][] = [
    ['out_id', outId],
    ['detail_id', detailId],
  ];
  const wide: [string, string | undefined][] = [
    ['batch_id', batchId],
    ['task_id', taskId],
  ];
  const toEquals = (pairs: [string, string | undefined][]): Condition[] =>
    pairs.flatMap(([column, value]) =>
      value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
    );
  const stateCondition = state ? [toStateCondition(state)] : [];
  // Few calls have a lost or a blocked recording, most an archived one.
  const stateIsRare = state === 'lost' || state === 'blocked';
  const one = callId === undefined ? [] : [{ sql: `id = (${idOfCallSql})`, values: [callId] }];
  return stateIsRare
    ? [...one, ...toEquals(equals), ...stateCondition, ...toEquals(wide)]
    : [...one, ...toEquals(equals), ...toEquals(wide), ...stateCondition];
}

function toStateCondition(state: RecordingState): Condition {
  // The literal must be the one of the partial index (store-schema.ts).
  return { sql: `recording_states & ${1 << toStateNumber(state)}`, values: [] };
}

function withoutIndex({ sql, values }: Condition): Condition {
  return { sql: sql.startsWith('recording_states') ? `(+${sql})` : `+${sql}`, values };
}

function toFilters({ from, to, minDuration, maxDuration, after }: CallQuery): Condition[] {
  const filters: Condition[] = [];
  if (from !== undefined) filters.push({ sql: 'sort_at >= ?', values: [from] });
  if (to !== undefined) filters.push({ sql: 'sort_at < ?', values: [to] });
  if (minDuration !== undefined) filters.push({ sql: 'duration_seconds >= ?', values: [minDuration] });
  if (maxDuration !== undefined) filters.push({ sql: 'duration_seconds <= ?', values: [maxDuration] });
  if (after) filters.push({ sql: '(sort_at, id) < (?, ?)', values: [after.sortAt, after.id] });
  return filters;
}

/** `q` is any id, whole, or one half of a callId: each in its own index. */
function toSearchArms(q: string): Condition[] {
  const columns = ['call_tail', 'task_id', 'detail_id', 'batch_id', 'out_id'];
  return [
    { sql: `id = (${idOfCallSql})`, values: [q] },
    ...(q.includes('^') ? [] : [toHeadCondition(q)]),
    ...columns.map((column) => ({ sql: `${column} = ?`, values: [q] })),
  ];
}

/** Call ids that begin with `q^`: a range, since `_` follows `^`. */
function toHeadCondition(q: string): Condition {
  const ids = `SELECT min(seq) FROM journal WHERE call_id >= ? AND call_id < ? AND type < ${firstEventNumber} GROUP BY call_id`;
  return { sql: `id IN (${ids})`, values: [`${q}^`, `${q}_`] };
}
