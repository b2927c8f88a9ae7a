import type { RecordingFlag } from '../../domain/flags.js';
import type { RecordingState } from '../../domain/recording.js';
import type { CallQuery } from '../calls.js';
import { hasFlagSql, toStateNumber } from '../rows/recording-row.js';

/** Values of a statement on their way into its parameters. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The parameter that stands for the value. */
  add(value: string | number, type: 'text' | 'bigint' | 'double precision'): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/**
 * A condition that has an index of its own, and the same as a filter that no index serves: so that what drives a
 * query is decided here and not by the planner, which knows no values in a plan that serves them all.
 */
export interface Driver {
  readonly driving: string;
  readonly filtering: string;
  /** Where it is no condition on calls alone. */
  readonly source?: PageSource;
  /** Most calls may fulfil it: what is rare among them is better looked for in the order of all pages. */
  readonly isWide?: boolean;
}

/** What a page is read from, in whose order. */
export interface PageSource {
  readonly from: string;
  readonly sortAt: string;
  readonly id: string;
}

export const calls: PageSource = { from: 'calls', sortAt: 'sort_at', id: 'id' };
const taggedCalls: PageSource = {
  from: 'call_tags AS tagged JOIN calls ON calls.id = tagged.call',
  sortAt: 'tagged.sort_at',
  id: 'tagged.call',
};

/** Ids of any length are indexed by their beginning. */
function toIdDriver(column: string, value: string): Driver {
  return {
    driving: `left(${column}, 200) = left(${value}, 200) AND ${column} = ${value}`,
    filtering: `${column} = ${value}`,
  };
}

export function ofCallId(value: string): string {
  return toIdDriver('call_id', `${value}::text`).driving;
}

function toStateDriver(state: RecordingState): Driver {
  // As the partial index has it (calls-schema.ts).
  const bit = 1 << toStateNumber(state);
  return {
    driving: `recording_states & ${bit} <> 0`,
    filtering: `(+recording_states) & ${bit} <> 0`,
    isWide: state === 'archived' || state === 'pending',
  };
}

/** Few recordings have a flag, and those that do have an index. */
function toFlagDriver(flag: RecordingFlag): Driver {
  const flagged = `SELECT call FROM recordings WHERE ${hasFlagSql(flag)}`;
  return {
    driving: `calls.id = ANY(ARRAY(${flagged}))`,
    filtering: `EXISTS (${flagged} AND recordings.call = calls.id)`,
  };
}

function toTagDriver(value: string): Driver {
  return {
    driving: `tagged.tag = ${value}`,
    filtering: `EXISTS (SELECT 1 FROM call_tags WHERE call_tags.call = calls.id AND call_tags.tag = ${value})`,
    source: taggedCalls,
  };
}

/** Conditions that have an index of their own, the most selective first. */
export function toDrivers(query: CallQuery, parameters: Parameters): Driver[] {
  const { callId, outId, detailId, batchId, taskId, state, flag, tag } = query;
  const toEquals = (pairs: [string, string | undefined][]): Driver[] =>
    pairs.flatMap(([column, value]) =>
      value === undefined ? [] : [toIdDriver(column, parameters.add(value, 'text'))],
    );
  const narrow = toEquals([
    ['call_id', callId],
    ['out_id', outId],
    ['detail_id', detailId],
  ]);
  const wide = toEquals([
    ['batch_id', batchId],
    ['task_id', taskId],
  ]);
  const tagged = tag === undefined ? [] : [toTagDriver(parameters.add(tag, 'text'))];
  const flagged = flag ? [toFlagDriver(flag)] : [];
  const states = state ? [toStateDriver(state)] : [];
  // Few calls have a lost, a blocked or a deleted recording, most an archived one.
  const stateIsRare = state === 'lost' || state === 'blocked' || state === 'deleted';
  return stateIsRare
    ? [...narrow, ...tagged, ...flagged, ...states, ...wide]
    : [...narrow, ...tagged, ...flagged, ...wide, ...states];
}

/** What narrows a page without an index of its own, but for the order that all pages have. */
export function toFilters(query: CallQuery, parameters: Parameters, { sortAt, id }: PageSource): string[] {
  const { from, to, minDuration, maxDuration, after } = query;
  const filters: string[] = [];
  if (from !== undefined) filters.push(`${sortAt} >= ${parameters.add(from, 'bigint')}`);
  if (to !== undefined) filters.push(`${sortAt} < ${parameters.add(to, 'bigint')}`);
  if (minDuration !== undefined)
    filters.push(`duration_seconds >= ${parameters.add(minDuration, 'double precision')}`);
  if (maxDuration !== undefined)
    filters.push(`duration_seconds <= ${parameters.add(maxDuration, 'double precision')}`);
  if (after) {
    filters.push(
      `(${sortAt}, ${id}) < (${parameters.add(after.sortAt, 'bigint')}, ${parameters.add(after.id, 'bigint')})`,
    );
  }
  return filters;
}

/** `q` is any id, whole, or one half of a callId: each in its own index. */
export function toSearchDrivers(q: string, parameters: Parameters): string[] {
  const value = parameters.add(q, 'text');
  const columns = ['call_id', 'call_tail', 'task_id', 'detail_id', 'batch_id', 'out_id'];
  const arms = columns.map((column) => toIdDriver(column, value).driving);
  return q.includes('^') ? arms : [...arms, toHeadCondition(q, parameters)];
}

/** Call ids that begin with `q^`: a range, since `_` follows `^`; of their first 200 characters, one that may hold more. */
function toHeadCondition(q: string, parameters: Parameters): string {
  const from = parameters.add(`${q}^`, 'text');
  const to = parameters.add(`${q}_`, 'text');
  return `left(call_id, 200) >= left(${from}, 200) AND left(call_id, 200) <= left(${to}, 200)
    AND call_id >= ${from} AND call_id < ${to}`;
}

/**
 * The limit of a page as part of the statement: of a parameter the planner knows nothing, and plans for a tenth of
 * the table. Rounded up to a power of two, so that statements stay few.
 */
export function toPageLimit(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, rows)));
}
