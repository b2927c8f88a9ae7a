import { demoBatchId, demoSource } from '../../domain/made-up-calls.js';
import { sampleCallId } from '../../protocol/sample.js';
import { tailOf } from './call-row.js';
import { toStateNumber, unacknowledgedSql } from './recording-row.js';
import type { Row } from './row.js';

const hourMs = 3_600_000;
/** Links that live for years are told of together: a week and an hour is far enough. */
const lastHour = 7 * 24;

/**
 * Pending recordings by whole hours until their deadline; -1: it is over. All of them come of an index alone; those of
 * made-up calls, which are few, are taken off again.
 */
export function hoursLeftSql(now: string, madeUpCalls: string): string {
  const left = `deadline_at - ${now}`;
  const hour = `CASE WHEN ${left} <= 0 THEN -1 WHEN ${left} >= ${lastHour * hourMs} THEN ${lastHour} ELSE (${left}) / ${hourMs} END`;
  return `SELECT ${hour} AS hour, count(*) AS count FROM recordings WHERE state = 0 GROUP BY 1
    UNION ALL SELECT ${hour} AS hour, -count(*) AS count FROM recordings WHERE state = 0 AND call IN (${madeUpCalls}) GROUP BY 1`;
}

export function toHoursLeft(rows: readonly Row[]): { overdue: number; hours: number[] } {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const hour = row['hour'] as number;
    counts.set(hour, (counts.get(hour) ?? 0) + (row['count'] as number));
  }
  for (const [hour, count] of counts) if (count === 0) counts.delete(hour);
  const last = Math.max(-1, ...counts.keys());
  return {
    overdue: counts.get(-1) ?? 0,
    hours: Array.from({ length: last + 1 }, (_, hour) => counts.get(hour) ?? 0),
  };
}

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
