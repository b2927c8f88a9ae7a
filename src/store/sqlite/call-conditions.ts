import type { RecordingFlag } from '../../domain/flags.js';
import type { RecordingState } from '../../domain/recording.js';
import type { CallQuery } from '../calls.js';
import { firstEventNumber } from '../rows/entry-row.js';
import { hasFlagSql, toStateNumber } from '../rows/recording-row.js';
import type { SqlValue } from './connection.js';
import { idOfCallSql } from './journal-table.js';

export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What a page is read from, in whose order: an index of it begins with what drives the query and goes on with the order. */
export interface PageSource {
  readonly from: string;
  readonly sortAt: string;
  readonly id: string;
}

const calls: PageSource = { from: 'calls', sortAt: 'sort_at', id: 'id' };
/** The order of the tables is ours, and not the planner's. */
const taggedCalls: PageSource = {
  from: 'call_tags AS tagged CROSS JOIN calls ON calls.id = tagged.call',
  sortAt: 'tagged.sort_at',
  id: 'tagged.call',
};

/** A condition that has an index of its own, and the same as a filter that keeps the index out. */
export interface Driver {
  readonly source: PageSource;
  readonly driving: Condition;
  readonly filtering: Condition;
  /** Most calls may fulfil it: what is rare among them is better looked for in the order of all pages. */
  readonly isWide?: boolean;
}

export const noDriver: Pick<Driver, 'source'> = { source: calls };

/** Conditions that have an index of their own, the most selective first. */
export function toDrivers({
  callId,
  outId,
  detailId,
  batchId,
  taskId,
  state,
  flag,
  tag,
}: Omit<CallQuery, 'limit'>): Driver[] {
  const one = callId === undefined ? [] : [toDriver({ sql: `id = (${idOfCallSql})`, values: [callId] })];
  const narrow = [...toEquals('out_id', outId), ...toEquals('detail_id', detailId)];
  const wide = [...toEquals('batch_id', batchId), ...toEquals('task_id', taskId)];
  const tagged = tag === undefined ? [] : [toTagDriver(tag)];
  const flagged = flag ? [toFlagDriver(flag)] : [];
  const states = state ? [toStateDriver(state)] : [];
  // Few calls have a lost, a blocked or a deleted recording, most an archived one.
  const stateIsRare = state === 'lost' || state === 'blocked' || state === 'deleted';
  return stateIsRare
    ? [...one, ...narrow, ...tagged, ...flagged, ...states, ...wide]
    : [...one, ...narrow, ...tagged, ...flagged, ...wide, ...states];
}

/** What narrows a page without an index of its own, but for the order that all pages have. */
export function toFilters(
  { from, to, minDuration, maxDuration, after }: Omit<CallQuery, 'limit'>,
  { sortAt, id }: PageSource,
): Condition[] {
  const filters: Condition[] = [];
  if (from !== undefined) filters.push({ sql: `${sortAt} >= ?`, values: [from] });
  if (to !== undefined) filters.push({ sql: `${sortAt} < ?`, values: [to] });
  if (minDuration !== undefined) filters.push({ sql: 'duration_seconds >= ?', values: [minDuration] });
  if (maxDuration !== undefined) filters.push({ sql: 'duration_seconds <= ?', values: [maxDuration] });
  if (after) filters.push({ sql: `(${sortAt}, ${id}) < (?, ?)`, values: [after.sortAt, after.id] });
  return filters;
}

/** `q` is any id, whole, or one half of a callId: each in its own index. */
export function toSearchDrivers(q: string): Driver[] {
  const columns = ['call_tail', 'task_id', 'detail_id', 'batch_id', 'out_id'];
  return [
    { sql: `id = (${idOfCallSql})`, values: [q] },
    ...(q.includes('^') ? [] : [toHeadCondition(q)]),
    ...columns.map((column) => ({ sql: `${column} = ?`, values: [q] })),
  ].map(toDriver);
}

function toEquals(column: string, value: string | undefined): Driver[] {
  return value === undefined ? [] : [toDriver({ sql: `${column} = ?`, values: [value] })];
}

function toDriver(driving: Condition): Driver {
  return { source: calls, driving, filtering: { ...driving, sql: `+${driving.sql}` } };
}

function toStateDriver(state: RecordingState): Driver {
  // The literal must be the one of the partial index (store-schema.ts).
  const sql = `recording_states & ${1 << toStateNumber(state)}`;
  return {
    source: calls,
    driving: { sql, values: [] },
    filtering: { sql: `(+${sql})`, values: [] },
    isWide: state === 'archived' || state === 'pending',
  };
}

/** Few recordings have a flag, and those that do have an index. */
function toFlagDriver(flag: RecordingFlag): Driver {
  return toDriver({ sql: `calls.id IN (SELECT call FROM recordings WHERE ${hasFlagSql(flag)})`, values: [] });
}

function toTagDriver(tag: string): Driver {
  return {
    source: taggedCalls,
    driving: { sql: 'tagged.tag = ?', values: [tag] },
    filtering: {
      sql: 'EXISTS (SELECT 1 FROM call_tags WHERE call_tags.call = calls.id AND call_tags.tag = ?)',
      values: [tag],
    },
  };
}

/** Call ids that begin with `q^`: a range, since `_` follows `^`. */
function toHeadCondition(q: string): Condition {
  const ids = `SELECT min(seq) FROM journal WHERE call_id >= ? AND call_id < ? AND type < ${firstEventNumber} GROUP BY call_id`;
  return { sql: `id IN (${ids})`, values: [`${q}^`, `${q}_`] };
}
