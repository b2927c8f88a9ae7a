import type { Row } from '../rows/row.js';
import type { Source, SourceCounts, Sources } from '../sources.js';
import { brief, type OperationsOf, read, write } from './operations.js';
import { present } from './row-sql.js';
import { change, rowOf, rowsOf, wake } from './work.js';

const columns = 'id, name, token, previous_token, previous_until, created_at';
/** The name and the id of the one that is there without being made: it is kept here once its token was rotated. */
const defaultName = 'default';
/** Pushes are counted within a minute or two: what is known to lie so far ahead of a new one was told by a clock that was wrong. */
const forgottenAheadMs = 60 * 60 * 1000;

export const sources: OperationsOf<Sources> = {
  list: read(function* () {
    return (yield* rowsOf(`SELECT ${columns} FROM sources ORDER BY created_at, id`)).map(toSource);
  }),

  create: write(function* ({ id, name, token, now }) {
    if (name === defaultName && id !== defaultName) return 'name-taken';
    if (yield* rowOf('SELECT 1 FROM sources WHERE token = $1 OR previous_token = $1', token))
      return 'token-taken';
    const row = yield* rowOf(
      `INSERT INTO sources (id, name, token, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING ${columns}`,
      ...[id, name, token, now],
    );
    if (!row) return 'name-taken';
    yield* wake('sources');
    return toSource(row);
  }),

  rotate: write(function* (id, token, previousUntil) {
    const row = yield* rowOf(
      `UPDATE sources SET previous_token = token, previous_until = $3, token = $2 WHERE id = $1 RETURNING ${columns}`,
      ...[id, token, previousUntil],
    );
    if (!row) return undefined;
    yield* wake('sources');
    return toSource(row);
  }),

  remove: write(function* (id) {
    const isRemoved = (yield* change('DELETE FROM sources WHERE id = $1', id)) === 1;
    if (isRemoved) yield* wake('sources');
    return isRemoved;
  }),

  count: brief(function* (counts) {
    // In one order: two processes that count at a time must not wait for each other.
    for (const { name, pushes, lastPushAt } of [...counts].sort(byName)) {
      yield* change(
        `INSERT INTO source_counts (name, pushes, last_push_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET
           pushes = source_counts.pushes + excluded.pushes,
           last_push_at = CASE WHEN excluded.last_push_at > source_counts.last_push_at OR source_counts.last_push_at > $4
             THEN excluded.last_push_at ELSE source_counts.last_push_at END`,
        ...[name, pushes, lastPushAt, lastPushAt + forgottenAheadMs],
      );
    }
  }),

  counts: read(function* () {
    const rows = yield* rowsOf('SELECT name, pushes, last_push_at FROM source_counts ORDER BY name');
    return rows.map((row) => ({
      name: row['name'] as string,
      pushes: row['pushes'] as number,
      lastPushAt: row['last_push_at'] as number,
    }));
  }),
};

function byName(a: SourceCounts, b: SourceCounts): number {
  return a.name < b.name ? -1 : 1;
}

function toSource(row: Row): Source {
  return present({
    id: row['id'] as string,
    name: row['name'] as string,
    token: row['token'] as string,
    previousToken: row['previous_token'] as string | null,
    previousUntil: row['previous_until'] as number | null,
    createdAt: row['created_at'] as number,
  });
}
