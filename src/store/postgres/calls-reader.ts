import { asksForLength, type Call, type CallPosition, type CallQuery, type CallsReader } from '../calls.js';
import { cutPage } from '../../domain/cut-page.js';
import { callColumnNames, callColumns, toCall } from '../rows/call-row.js';
import { toRecording } from '../rows/recording-row.js';
import type { Recording } from '../recordings.js';
import type { Row } from '../rows/row.js';
import {
  calls,
  ofCallId,
  Parameters,
  toDrivers,
  toFilters,
  toPageLimit,
  toSearchDrivers,
} from './call-conditions.js';
import type { Database, Transaction } from './database.js';
import { recordingColumnNames } from './recording-states.js';
import { toNumbers } from './row-arrays.js';

/**
 * Pages are looked up (`looksUp`): where statistics are missing or old, the planner would gather what it takes for a
 * few calls and sort them, and they may be all.
 */
export class CallsTableReader implements CallsReader {
  constructor(private readonly database: Database) {}

  async search(query: CallQuery): Promise<{ items: Call[]; next?: CallPosition }> {
    const { sql, values } = toSql(query);
    return await this.database.transaction(
      async ({ run }) => {
        const { rows } = await run(sql, values);
        const calls = await toCalls(rows, run);
        const numbered = rows.map((row, index) => ({ row, call: calls[index] as Call }));
        const { items, last: end } = cutPage(numbered, query.limit, ({ call }) => call);
        if (!end) return { items };
        const last = end.row;
        return { items, next: { sortAt: last['sort_at'] as number, id: last['id'] as number } };
      },
      { looksUp: true },
    );
  }

  /** A full page tells by its last row alone that it is full; only the last page is counted. */
  async count(query: CallQuery): Promise<{ calls: number; next?: CallPosition }> {
    const { sql, values } = toKeysSql(query);
    return await this.database.transaction(
      async ({ run }) => {
        const offset = `$${values.length + 1}::bigint`;
        const end = await run(`SELECT * FROM (${sql}) AS page ${newestFirst} LIMIT 2 OFFSET ${offset}`, [
          ...values,
          query.limit - 1,
        ]);
        const [at, more] = end.rows;
        if (at && more)
          return { calls: query.limit, next: { sortAt: at['sort_at'] as number, id: at['id'] as number } };
        if (at) return { calls: query.limit };
        const { rows } = await run(`SELECT count(*) AS calls FROM (${sql}) AS page`, values);
        return { calls: Number(rows[0]?.['calls']) };
      },
      { looksUp: true },
    );
  }

  async get(callId: string): Promise<Call | undefined> {
    return await this.database.transaction(
      async ({ run }) => {
        const { rows } = await run(`SELECT ${callColumnNames} FROM calls WHERE ${ofCallId('$1')}`, [callId]);
        return (await toCalls(rows, run))[0];
      },
      { looksUp: true },
    );
  }
}

async function toCalls(rows: readonly Row[], run: Transaction['run']): Promise<Call[]> {
  if (rows.length === 0) return [];
  const found = await run(`SELECT ${recordingColumnNames} FROM recordings WHERE call = ANY($1::bigint[])`, [
    toNumbers(rows.map(({ id }) => id as number)),
  ]);
  const ofCall = new Map<unknown, Recording[]>(rows.map(({ id }) => [id, []]));
  const inOrder = found.rows.sort((a, b) => (a['id'] as number) - (b['id'] as number));
  for (const row of inOrder) ofCall.get(row['call'])?.push(toRecording(row));
  return rows.map((row) => toCall(row, ofCall.get(row['id']) ?? []));
}

const newestFirst = 'ORDER BY sort_at DESC, id DESC';
const keyColumns = 'calls.sort_at, calls.id';
const allColumns = Object.keys(callColumns)
  .map((column) => `calls.${column}`)
  .join(', ');

interface Sql {
  readonly sql: string;
  readonly values: unknown[];
}

/** One query, driven by the index of its most selective condition. Newest first, keyset (sort_at, id). */
function toSql(query: CallQuery): Sql {
  const { sql, values } = toKeysSql(query, query.q === undefined ? allColumns : keyColumns);
  if (query.q === undefined) return { sql, values };
  return {
    sql: `SELECT ${callColumnNames} FROM calls WHERE id = ANY(ARRAY(SELECT id FROM (${sql}) AS page)) ${newestFirst}`,
    values,
  };
}

/** The keys of a page; of one that `q` does not widen, any columns. */
function toKeysSql(query: CallQuery, columns = keyColumns): Sql {
  const parameters = new Parameters();
  const limit = toPageLimit(query.limit + 1);
  const drivers = toDrivers(query, parameters);
  // A length is found in the index of the order that all pages have, and not in one of most calls.
  const first = drivers[0]?.isWide && asksForLength(query) ? undefined : drivers[0];
  const others = first ? drivers.slice(1) : drivers;
  // The arms of a search drive it themselves.
  const source = (query.q === undefined ? first?.source : undefined) ?? calls;
  const filters = [...others.map(({ filtering }) => filtering), ...toFilters(query, parameters, source)];
  const toArm = (conditions: readonly string[]): string => {
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    return `SELECT ${columns} FROM ${source.from} ${where} ORDER BY ${source.sortAt} DESC, ${source.id} DESC LIMIT ${limit}`;
  };
  const { values } = parameters;
  if (query.q === undefined) {
    return { sql: toArm([...(first ? [first.driving] : []), ...filters]), values };
  }
  // A call that several arms find is one; which ones make up the page is told by their keys alone.
  const arms = toSearchDrivers(query.q, parameters).map(
    (driving) => `(${toArm([driving, ...(first ? [first.filtering] : []), ...filters])})`,
  );
  const found = `SELECT sort_at, id FROM (${arms.join(' UNION ')}) AS found`;
  return { sql: `${found} ${newestFirst} LIMIT ${limit}`, values };
}
