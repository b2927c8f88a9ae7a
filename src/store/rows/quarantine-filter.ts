import type { QuarantineFilter, QuarantineKind } from '../quarantine.js';
import type { Row } from './row.js';

/** What both stores say of the items that are there and that a filter chooses; `placeholder` names the nth value. */
export function quarantineChosen(
  { reason, source, from, to }: QuarantineFilter,
  placeholder: (place: number) => string,
): { sql: string; values: (string | number)[] } {
  const conditions = ['body IS NOT NULL'];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${condition} ${placeholder(values.length)}`);
  };
  add('reason =', reason);
  add('source =', source);
  add('received_at >=', from);
  add('received_at <', to);
  return { sql: conditions.join(' AND '), values };
}

export function kindsSql(chosen: string): string {
  return `SELECT source, reason, count(*) AS count, sum(bytes) AS bytes FROM quarantine WHERE ${chosen}
    GROUP BY source, reason ORDER BY count(*) DESC, source, reason`;
}

export function toQuarantineKind(row: Row): QuarantineKind {
  return {
    source: row['source'] as string,
    reason: row['reason'] as string,
    count: Number(row['count']),
    bytes: Number(row['bytes']),
  };
}

/** Ends with a place for how many: the oldest of what is chosen. What was in them is gone, the rows stay. */
export function discardChosenSql(chosen: string, limit: string): string {
  return `UPDATE quarantine SET body = NULL
    WHERE id IN (SELECT id FROM quarantine WHERE ${chosen} ORDER BY id LIMIT ${limit}) AND body IS NOT NULL
    RETURNING bytes`;
}

/** Rows of items that are gone, the oldest first. */
export function forgetSql(before: string, limit: string): string {
  return `DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine
    WHERE body IS NULL AND received_at < ${before} ORDER BY received_at LIMIT ${limit})`;
}

export function toDiscarded(rows: readonly Row[]): { count: number; bytes: number } {
  return { count: rows.length, bytes: rows.reduce((sum, row) => sum + Number(row['bytes']), 0) };
}
