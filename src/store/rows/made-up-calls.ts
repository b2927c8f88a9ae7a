import { demoBatchId, demoSource } from '../../domain/made-up-calls.js';
import { sampleCallId } from '../../protocol/sample.js';
import { tailOf } from './call-row.js';
import { toStateNumber, unacknowledgedSql } from './recording-row.js';

/** Ids of the calls that are none (domain/made-up-calls.ts): a few hundred at most. `toIndexed`: a column as its index has it. */
export function madeUpCallsSql(toIndexed = (column: string): string => column): string {
  return `SELECT id FROM calls WHERE ${toIndexed('batch_id')} = '${demoBatchId}'
    UNION ALL SELECT id FROM calls WHERE ${toIndexed('call_tail')} = '${tailOf(sampleCallId) ?? ''}' AND call_id = '${sampleCallId}'`;
}

/** Their recordings by state, without losses that somebody has acknowledged: those are counted apart already. */
export function countMadeUpSql(madeUpCalls: string): string {
  return `SELECT state, count(*) AS count FROM recordings WHERE call IN (${madeUpCalls})
    AND (state <> ${toStateNumber('lost')} OR ${unacknowledgedSql}) GROUP BY state`;
}

/** Items in quarantine, without those that came with demo data. There are few of any while there are demo data. */
export const countQuarantineSql = `SELECT count(*) - CASE WHEN EXISTS (SELECT 1 FROM sources WHERE id = '${demoSource}')
    THEN (SELECT count(*) FROM quarantine WHERE body IS NOT NULL AND source = '${demoSource}') ELSE 0 END AS count
  FROM quarantine WHERE body IS NOT NULL`;
