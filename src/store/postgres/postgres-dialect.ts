import { newDeliveryColumns, stretchOf, toDeliveryStateNumber } from '../rows/delivery-row.js';
import { replayable } from '../shared-sql/delivery-rows.js';
import type { IndexPiece, IndexReading, SqlDialect } from '../shared-sql/sql-dialect.js';
import { change, rowOf, rowsOf } from '../shared-sql/work.js';
import { ofCallId } from './call-conditions.js';
import { claimDownloads } from './download-claims.js';
import { toAppend, toEventEntry, toMessageEntry } from './journal-append.js';
import { beyondSql, monthOf, seqAtSql } from './journal-reader.js';
import { toMonth } from './partitions.js';
import { toArrays, toNumbers, unnestSql } from './row-arrays.js';

const dead = toDeliveryStateNumber('dead');
const anyIndex = { byIndex: (): string => '' };

/** What stands for a callId in `journal_identities`, as toCallKey makes it. */
const callKeyOf = (parameter: string): string =>
  `encode(substring(sha256(convert_to(${parameter}::text, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid`;

/** Roles that are written once, in the words of PostgreSQL. */
export const postgresDialect: SqlDialect = {
  ofCallId,
  isOneOf: (column, parameter) => `${column} = ANY(${parameter}::bigint[])`,
  toList: toNumbers,
  byIndex: () => '',
  ofIndex: toIndexReading,
  claimedIfFree: ' FOR UPDATE SKIP LOCKED',
  held: ' FOR SHARE',
  claimed: ' FOR UPDATE',
  entriesBeyond: (after, limit) =>
    `SELECT seq, type, source, call_id FROM journal WHERE ${beyondSql(`${after}::bigint`)} ORDER BY month, seq LIMIT ${limit}`,
  entriesOfCall: (parameter) =>
    `SELECT entry.seq, entry.type, entry.source FROM journal_identities AS known,
       LATERAL (SELECT seq, type, source, call_id FROM journal
         WHERE month = ${monthOf('known.seq')} AND seq = known.seq LIMIT 1) AS entry
     WHERE known.call_key = ${callKeyOf(parameter)} AND entry.call_id = ${parameter}`,
  seqAt: seqAtSql,
  lastSeq: 'SELECT last_seq AS seq FROM journal_head',
  deleteEntry: [
    `DELETE FROM journal WHERE month = ${monthOf('$1::bigint')} AND seq = $1 AND call_id = $2`,
    `DELETE FROM journal_identities WHERE call_key = ${callKeyOf('$2')} AND seq = $1`,
  ],
  *appendMessages(messages) {
    const { sql, parameters } = toAppend(messages.map(toMessageEntry));
    const appended = (yield* rowOf(sql, ...parameters))?.['appended'] as number;
    return { appended, duplicates: messages.length - appended };
  },
  *appendEvents(events) {
    const { sql, parameters } = toAppend(events.map(toEventEntry));
    yield* rowsOf(sql, ...parameters);
  },

  claimDownloads,
  attemptCount: { attempts: 'integer' },

  nextGeneration: (now) => `greatest(generation + 1, ${now})`,
  *addDeliveries(rows) {
    const added = yield* rowsOf(insertDeliveries, ...toArrays(rows, newDeliveryColumns));
    // Numbers are given in the order of the arrays, whatever the order in which they come back.
    return added.map(({ id }) => id as number).sort((a, b) => a - b);
  },
  familiesOf: (parameter) => `
    WITH RECURSIVE wholes (id) AS (
      SELECT unnest(${parameter}::bigint[])
      UNION SELECT up.half_of FROM wholes CROSS JOIN LATERAL (
        SELECT half_of FROM deliveries WHERE deliveries.id = wholes.id AND half_of IS NOT NULL OFFSET 0
      ) up
    )
    SELECT found.* FROM wholes CROSS JOIN LATERAL (
      SELECT * FROM deliveries WHERE deliveries.id = wholes.id
      UNION ALL SELECT * FROM deliveries WHERE half_of = wholes.id
    ) found`,
  monthColumns: { month: 'integer' },
  toMonthColumns: (at) => ({ month: toMonth(at) }),
  // As numbers: of an array that comes as a parameter the planner cannot tell which partitions it needs.
  withinMonths: (firstAt, lastAt) =>
    `month >= ${toMonth(firstAt)}${lastAt === undefined ? '' : ` AND month <= ${toMonth(lastAt)}`}`,
  *markReplayed(replayed) {
    yield* change(
      `WITH RECURSIVE parts (id, new_id, is_whole) AS (
         SELECT id, new_id, true FROM unnest($1::bigint[], $2::bigint[]) AS replayed (id, new_id)
         UNION ALL SELECT half.id, new_id, false FROM parts CROSS JOIN LATERAL (
           SELECT id FROM deliveries WHERE half_of = parts.id OFFSET 0
         ) half
       )
       UPDATE deliveries SET replayed_as = new_id FROM parts
       WHERE deliveries.id = parts.id AND (is_whole OR deliveries.state = ${dead})`,
      toNumbers(replayed.map(({ id }) => id)),
      toNumbers(replayed.map(({ as }) => as)),
    );
  },
  // The newest of all are among the newest of each: an index holds them by endpoint.
  newestWaiting: ({ columns, endpoint, before, limit }) =>
    rowsOf(
      `SELECT newest.* FROM endpoints AS of CROSS JOIN LATERAL (
         SELECT ${columns} FROM ${replayable(anyIndex)} AND (endpoint, id) > (of.id, 0) AND (endpoint, id) < (of.id, $1::bigint)
         ORDER BY endpoint DESC, id DESC LIMIT $2::bigint
       ) AS newest WHERE of.is_removed = 0 ${endpoint === undefined ? '' : 'AND of.id = $3::bigint'}
       ORDER BY newest.id DESC LIMIT $2::bigint`,
      ...[before, limit, ...(endpoint === undefined ? [] : [endpoint])],
    ),
  // Of the runs of a delivery (`12-111,115`), one that the message lies in. OFFSET 0 keeps the planner from reading all
  // deliveries there are for a stretch that it believes to be long.
  newestWithSeq: ({ endpoint, seq, state, before, limit }) =>
    rowsOf(
      `SELECT found.* FROM endpoints CROSS JOIN LATERAL (
         SELECT delivery FROM delivery_stretches
         WHERE endpoint = endpoints.id AND stretch = $1::bigint AND delivery < $2::bigint
         AND first_seq <= $3::bigint AND last_seq >= $3::bigint OFFSET 0
       ) noted CROSS JOIN LATERAL (
         SELECT * FROM deliveries WHERE id = noted.delivery ${state === undefined ? '' : `AND state = ${state}`}
         AND EXISTS (
           SELECT FROM unnest(string_to_array(seqs, ',')) AS run
           WHERE substring(run FROM '^[0-9]+')::bigint <= $3::bigint AND substring(run FROM '[0-9]+$')::bigint >= $3::bigint
         ) OFFSET 0
       ) found
       WHERE is_removed = 0 ${endpoint === undefined ? '' : 'AND endpoints.id = $5::bigint'} ORDER BY found.id DESC LIMIT $4`,
      ...[stretchOf(seq), before, seq, limit, ...(endpoint === undefined ? [] : [endpoint])],
    ),
  coveringSeqs: `
    SELECT seqs FROM delivery_stretches CROSS JOIN LATERAL (
      SELECT seqs FROM deliveries WHERE id = delivery
      AND state <> ${dead} AND reason IS DISTINCT FROM 'halved' OFFSET 0
    ) found
    WHERE endpoint = $1 AND stretch = $2 AND first_seq <= $3 AND last_seq >= $4`,
};

/** The columns are named by `newDeliveryColumns`; a place that is not told is the id. */
const insertDeliveries = `
  INSERT INTO deliveries (id, ${Object.keys(newDeliveryColumns).join(', ')})
  SELECT id, ${Object.keys(newDeliveryColumns)
    .map((name) => (name === 'place' ? 'coalesce(place, id)' : name))
    .join(', ')}
  FROM (SELECT nextval('deliveries_id_seq') AS id, told.* FROM ${unnestSql(newDeliveryColumns)}) AS numbered
  RETURNING id`;

/**
 * Conditions and order are of all columns together: with `endpoint = $1 ORDER BY id` an index over ids alone is in order
 * too, and the planner, which does not know of the endpoint that has little between others that have millions, may walk
 * that one.
 */
function toIndexReading({
  equal,
  column,
  above = '0',
  below = String(Number.MAX_SAFE_INTEGER),
}: IndexPiece): IndexReading {
  const names = [...equal.map(([name]) => name), column];
  const valuesWith = (bound: string): string =>
    [...equal.map(([, parameter]) => parameter), `${bound}::bigint`].join(', ');
  return {
    where: `(${names.join(', ')}) > (${valuesWith(above)}) AND (${names.join(', ')}) < (${valuesWith(below)})`,
    ascending: names.join(', '),
    descending: names.map((name) => `${name} DESC`).join(', '),
  };
}
