import type { Comment, Comments } from '../reviews.js';
import type { Row } from '../rows/row.js';
import { type OperationsOf, page, read, write } from './operations.js';
import { insertSql, present } from './row-sql.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf } from './work.js';

const columns = 'id, call_id, recording_id, at_seconds, text, author_id, author_name, created_at, edited_at';

export function createComments({ ofCallId }: SqlDialect): OperationsOf<Comments> {
  return {
    ofCall: page(function* (callId) {
      const rows = yield* rowsOf(
        `SELECT ${columns} FROM comments WHERE substr(call_id, 1, 200) = substr(CAST($1 AS TEXT), 1, 200) AND call_id = $1
         ORDER BY coalesce(recording_id, ''), coalesce(at_seconds, -1), created_at, id`,
        callId,
      );
      return rows.map(toComment);
    }),

    get: read(function* (id) {
      const row = yield* rowOf(`SELECT ${columns} FROM comments WHERE id = $1`, id);
      return row && toComment(row);
    }),

    add: write(function* (comment) {
      if (!(yield* rowOf(`SELECT 1 FROM calls WHERE ${ofCallId('$1')}`, comment.callId))) return false;
      const values = {
        id: comment.id,
        call_id: comment.callId,
        recording_id: comment.recordingId ?? null,
        at_seconds: comment.atSeconds ?? null,
        text: comment.text,
        author_id: comment.authorId,
        author_name: comment.authorName,
        created_at: comment.createdAt,
        edited_at: comment.editedAt ?? null,
      };
      yield* change(insertSql('comments', values), ...Object.values(values));
      return true;
    }),

    change: write(function* (id, text, now) {
      const row = yield* rowOf(
        `UPDATE comments SET text = $2, edited_at = $3 WHERE id = $1 RETURNING ${columns}`,
        ...[id, text, now],
      );
      return row && toComment(row);
    }),

    remove: write(function* (id) {
      return (yield* change('DELETE FROM comments WHERE id = $1', id)) === 1;
    }),
  };
}

function toComment(row: Row): Comment {
  return present({
    id: row['id'] as string,
    callId: row['call_id'] as string,
    recordingId: row['recording_id'] as string | null,
    atSeconds: row['at_seconds'] as number | null,
    text: row['text'] as string,
    authorId: row['author_id'] as string,
    authorName: row['author_name'] as string,
    createdAt: row['created_at'] as number,
    editedAt: row['edited_at'] as number | null,
  });
}
