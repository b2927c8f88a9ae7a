import type { FigureName, HourFigure, Hours } from '../hours.js';
import { brief, page, write, type OperationsOf } from './operations.js';
import { change, rowsOf } from './work.js';

export const hours: OperationsOf<Hours> = {
  add: brief(function* (figures) {
    // In one order: two processes that add at a time must not wait for each other.
    for (const { hour, name, value } of [...figures].sort(byKey)) {
      yield* change(
        `INSERT INTO hour_figures (hour, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (hour, name) DO UPDATE SET value = hour_figures.value + excluded.value`,
        ...[hour, name, value],
      );
    }
  }),

  since: page(function* (hour) {
    const rows = yield* rowsOf(
      'SELECT hour, name, value FROM hour_figures WHERE hour >= $1 ORDER BY hour, name',
      hour,
    );
    return rows.map((row) => ({
      hour: row['hour'] as number,
      name: row['name'] as FigureName,
      value: row['value'] as number,
    }));
  }),

  sweep: write(function* (before, limit) {
    return yield* change(
      `DELETE FROM hour_figures WHERE (hour, name) IN
         (SELECT hour, name FROM hour_figures WHERE hour < $1 ORDER BY hour, name LIMIT $2)`,
      before,
      limit,
    );
  }),
};

function byKey(a: HourFigure, b: HourFigure): number {
  return a.hour - b.hour || (a.name < b.name ? -1 : 1);
}
