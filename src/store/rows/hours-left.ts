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
