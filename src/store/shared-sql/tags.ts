import type { Tags } from '../reviews.js';
import { type OperationsOf, page, read, write } from './operations.js';
import { filled, placeholders } from './row-sql.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf } from './work.js';

/** What ids are indexed by. Cut by the database: its characters are not ours, and text is stored with escapes. */
const toBeginning = (parameter: string): string => `substr(CAST(${parameter} AS TEXT), 1, 200)`;

/** Tags that are told of; nobody chooses from more. */
const mostTags = 1_000;

export function createTags({ ofCallId, held }: SqlDialect): OperationsOf<Tags> {
  return {
    ofCalls: page(function* (callIds) {
      const tags = new Map<string, string[]>();
      if (callIds.length === 0) return tags;
      const rows = yield* rowsOf(
        `SELECT call_id, tag FROM call_tags
         WHERE substr(call_id, 1, 200) IN (${placeholders(callIds.length, toBeginning)}) ORDER BY tag`,
        ...filled(callIds),
      );
      const asked = new Set(callIds);
      for (const row of rows) {
        const callId = row['call_id'] as string;
        if (!asked.has(callId)) continue;
        const known = tags.get(callId) ?? [];
        tags.set(callId, [...known, row['tag'] as string]);
      }
      return tags;
    }),

    add: write(function* (callId, tag, actorId, now) {
      // Held: whoever changes sort_at there changes it here, and must see this row.
      const call = yield* rowOf(`SELECT id, sort_at FROM calls WHERE ${ofCallId('$1')}${held}`, callId);
      if (!call) return 'call-unknown';
      const added = yield* change(
        `INSERT INTO call_tags (call, call_id, tag, sort_at, actor_id, added_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (call, tag) DO NOTHING`,
        ...[call['id'] as number, callId, tag, call['sort_at'] as number, actorId, now],
      );
      if (added === 1) {
        yield* change(
          `INSERT INTO tag_counts (tag, calls) VALUES ($1, 1) ON CONFLICT (tag) DO UPDATE SET calls = tag_counts.calls + 1`,
          tag,
        );
      }
      return 'known';
    }),

    remove: write(function* (callId, tag) {
      const removed = yield* change(
        `DELETE FROM call_tags WHERE substr(call_id, 1, 200) = substr(CAST($1 AS TEXT), 1, 200) AND call_id = $1 AND tag = $2`,
        callId,
        tag,
      );
      if (removed === 0) return false;
      yield* change('UPDATE tag_counts SET calls = calls - 1 WHERE tag = $1', tag);
      yield* change('DELETE FROM tag_counts WHERE tag = $1 AND calls <= 0', tag);
      return true;
    }),

    list: read(function* () {
      const rows = yield* rowsOf(`SELECT tag, calls FROM tag_counts ORDER BY tag LIMIT ${mostTags}`);
      return rows.map((row) => ({ tag: row['tag'] as string, calls: row['calls'] as number }));
    }),
  };
}
