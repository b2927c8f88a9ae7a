import type { SavedView, SavedViews } from '../reviews.js';
import type { Row } from '../rows/row.js';
import { type OperationsOf, read, write } from './operations.js';
import { change, rowOf, rowsOf } from './work.js';

const columns = 'id, owner_id, owner_name, name, is_shared, query, created_at';

export const savedViews: OperationsOf<SavedViews> = {
  list: read(function* (ownerId) {
    const rows = yield* rowsOf(
      `SELECT ${columns} FROM saved_views WHERE owner_id = $1 OR is_shared = 1 ORDER BY name, created_at, id`,
      ownerId,
    );
    return rows.map(toView);
  }),

  create: write(function* ({ id, ownerId, ownerName, name, isShared, query, createdAt }) {
    yield* change(
      `INSERT INTO saved_views (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      ...[id, ownerId, ownerName, name, Number(isShared), query, createdAt],
    );
  }),

  change: write(function* (id, ownerId, { name, isShared, query }) {
    const row = yield* rowOf(
      `UPDATE saved_views SET name = coalesce($3, name), is_shared = coalesce($4, is_shared), query = coalesce($5, query)
       WHERE id = $1 AND owner_id = $2 RETURNING ${columns}`,
      ...[id, ownerId, name ?? null, isShared === undefined ? null : Number(isShared), query ?? null],
    );
    return row && toView(row);
  }),

  remove: write(function* (id, ownerId) {
    return (yield* change('DELETE FROM saved_views WHERE id = $1 AND owner_id = $2', id, ownerId)) === 1;
  }),
};

function toView(row: Row): SavedView {
  return {
    id: row['id'] as string,
    ownerId: row['owner_id'] as string,
    ownerName: row['owner_name'] as string,
    name: row['name'] as string,
    isShared: row['is_shared'] === 1,
    query: row['query'] as string,
    createdAt: row['created_at'] as number,
  };
}
