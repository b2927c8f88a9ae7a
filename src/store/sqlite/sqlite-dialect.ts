import { newDeliveryColumns, stretchOf, toDeliveryStateNumber } from '../rows/delivery-row.js';
import type { Row } from '../rows/row.js';
import { replayable } from '../shared-sql/delivery-rows.js';
import type { SqlDialect } from '../shared-sql/sql-dialect.js';
import { change, insertRows, rowOf, rowsOf, type Work } from '../shared-sql/work.js';
import { claimDownloads } from './download-claims.js';
import { seqAtSql } from './journal-reader.js';
import {
  idOfCallSql,
  insertEventSql,
  insertMessagesSql,
  packMessages,
  toEventValues,
} from './journal-table.js';

const byIndex = (index: string): string => ` INDEXED BY ${index}`;

/** Roles that are written once, in the words of SQLite. There is one writer, so nothing needs to be held. */
export const sqliteDialect: SqlDialect = {
  ofCallId: (parameter) => `id = (${idOfCallSql.replace('?', parameter)})`,
  held: '',
  claimed: '',
  claimedIfFree: '',
  isOneOf: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
  toList: (numbers) => JSON.stringify(numbers),
  byIndex,
  ofIndex: ({ equal, column, above, below }) => ({
    where: [
      ...equal.map(([name, parameter]) => `${name} = ${parameter}`),
      ...(above === undefined ? [] : [`${column} > ${above}`]),
      ...(below === undefined ? [] : [`${column} < ${below}`]),
    ].join(' AND '),
    ascending: column,
    descending: `${column} DESC`,
  }),

  entriesBeyond: (after, limit) =>
    `SELECT seq, type, source, call_id FROM journal WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`,
  entriesOfCall: (parameter) => `SELECT seq, type, source FROM journal WHERE call_id = ${parameter}`,
  lastSeq: 'SELECT max(seq) AS seq FROM journal',
  seqAt: seqAtSql,
  deleteEntry: ['DELETE FROM journal WHERE seq = $1 AND call_id = $2'],
  *appendMessages(messages) {
    const result = { appended: 0, duplicates: 0 };
    for (const { text, count } of packMessages(messages)) {
      const appended = yield* change(insertMessagesSql, text);
      result.appended += appended;
      result.duplicates += count - appended;
    }
    return result;
  },
  *appendEvents(events) {
    for (const event of events) yield* change(insertEventSql, ...toEventValues(event));
  },

  claimDownloads,
  attemptCount: {},

  nextGeneration: () => 'generation + 1',
  *addDeliveries(rows) {
    const used = yield* rowOf(`SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'`);
    const next = ((used?.['seq'] as number | undefined) ?? 0) + 1;
    const added = rows.map((row, index) => ({
      ...row,
      id: next + index,
      place: row['place'] ?? next + index,
    }));
    yield* insertRows('deliveries', { id: 'bigint', ...newDeliveryColumns }, added);
    return added.map(({ id }) => id);
  },
  familiesOf: (parameter) => `
    WITH RECURSIVE wholes (id) AS (
      SELECT value FROM json_each(${parameter})
      UNION SELECT half_of FROM wholes CROSS JOIN deliveries ON deliveries.id = wholes.id WHERE half_of IS NOT NULL
    )
    SELECT deliveries.* FROM wholes CROSS JOIN deliveries ON deliveries.id = wholes.id
    UNION ALL SELECT deliveries.* FROM wholes CROSS JOIN deliveries ON half_of = wholes.id`,
  monthColumns: {},
  toMonthColumns: () => ({}),
  withinMonths: () => 'true',
  *markReplayed(replayed) {
    for (const { id, as } of replayed) {
      yield* change(
        `WITH RECURSIVE parts (id) AS (
           VALUES ($1) UNION ALL SELECT deliveries.id FROM parts CROSS JOIN deliveries ON half_of = parts.id
         )
         UPDATE deliveries SET replayed_as = $2 WHERE id IN parts AND (id = $1 OR state = ${toDeliveryStateNumber('dead')})`,
        ...[id, as],
      );
    }
  },
  newestWaiting: ({ columns, endpoint, before, limit }) =>
    newestOfEach(endpoint, limit, (each) =>
      rowsOf(
        `SELECT ${columns} FROM ${replayable({ byIndex })} AND endpoint = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
        ...[each, before, limit],
      ),
    ),
  newestWithSeq: ({ endpoint, seq, state, before, limit }) =>
    newestOfEach(endpoint, limit, (each) =>
      rowsOf(
        `SELECT deliveries.* FROM delivery_stretches CROSS JOIN deliveries ON deliveries.id = delivery
         WHERE delivery_stretches.endpoint = $1 AND stretch = $2 AND delivery < $3
         AND delivery_stretches.first_seq <= $4 AND delivery_stretches.last_seq >= $4
         ${state === undefined ? '' : `AND state = ${state}`} AND EXISTS (${runWithSeq('$4')})
         ORDER BY delivery DESC LIMIT $5`,
        ...[each, stretchOf(seq), before, seq, limit],
      ),
    ),
  coveringSeqs: `
    SELECT seqs FROM delivery_stretches CROSS JOIN deliveries ON deliveries.id = delivery
    WHERE delivery_stretches.endpoint = $1 AND stretch = $2
    AND delivery_stretches.first_seq <= $3 AND delivery_stretches.last_seq >= $4
    AND state <> ${toDeliveryStateNumber('dead')} AND reason IS NOT 'halved'`,
};

/** The newest of all are among the newest of each: indexes hold them by endpoint. */
function* newestOfEach(
  endpoint: number | undefined,
  limit: number,
  newestOf: (endpoint: number) => Work<Row[]>,
): Work<Row[]> {
  const endpoints =
    endpoint === undefined
      ? yield* rowsOf('SELECT id FROM endpoints WHERE is_removed = 0')
      : yield* rowsOf('SELECT id FROM endpoints WHERE is_removed = 0 AND id = $1', endpoint);
  const rows: Row[] = [];
  for (const { id } of endpoints) for (const row of yield* newestOf(id as number)) rows.push(row);
  rows.sort((a, b) => (b['id'] as number) - (a['id'] as number));
  return rows.slice(0, limit);
}

/** Of the runs of a delivery (`12-111,115`), one that the entry lies in; of `12-111`, what can be read as a number is 12. */
function runWithSeq(seq: string): string {
  return `SELECT 1 FROM json_each('["' || replace(seqs, ',', '","') || '"]')
    WHERE CAST(value AS INTEGER) <= ${seq} AND CAST(substr(value, instr(value, '-') + 1) AS INTEGER) >= ${seq}`;
}
