import type { SqlDialect } from '../shared-sql/sql-dialect.js';
import { ofCallId } from './call-conditions.js';
import { beyondSql, monthOf } from './journal-reader.js';

/** What stands for a callId in `journal_identities`, as toCallKey makes it. */
const callKeyOf = (parameter: string): string =>
  `encode(substring(sha256(convert_to(${parameter}::text, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid`;

/** Roles that are written once, in the words of PostgreSQL. */
export const postgresDialect: SqlDialect = {
  ofCallId,
  held: ' FOR SHARE',
  claimed: ' FOR UPDATE',
  entriesBeyond: (after, limit) =>
    `SELECT seq, type, source, call_id FROM journal WHERE ${beyondSql(`${after}::bigint`)} ORDER BY month, seq LIMIT ${limit}`,
  entriesOfCall: (parameter) =>
    `SELECT entry.seq, entry.type, entry.source FROM journal_identities AS known,
       LATERAL (SELECT seq, type, source, call_id FROM journal
         WHERE month = ${monthOf('known.seq')} AND seq = known.seq LIMIT 1) AS entry
     WHERE known.call_key = ${callKeyOf(parameter)} AND entry.call_id = ${parameter}`,
  lastSeq: 'SELECT last_seq AS seq FROM journal_head',
  deleteEntry: [
    `DELETE FROM journal WHERE month = ${monthOf('$1::bigint')} AND seq = $1 AND call_id = $2`,
    `DELETE FROM journal_identities WHERE call_key = ${callKeyOf('$2')} AND seq = $1`,
  ],
};
