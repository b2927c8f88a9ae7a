import type { InboxWriter, ReceivedPush, SourceDiscard } from '../inbox.js';
import type { Database } from './database.js';
import { beginningsOf, toNumbers, toUuids } from './row-arrays.js';

/** Held in shared mode by each statement that inserts pushes, for as long as it runs: see inbox-reader.ts. */
export const insertLock = 0x45_61_72_02;

/**
 * All bodies come as one value that each is cut out of. Measured beside it, for pushes of 500 bytes and of 5 KB: an
 * array of bytea, which `pg` sends as hex (1.5 and 3 times as long); the other columns as JSON (1.5 and 1.2 times).
 */
const appendSql = `
WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(${insertLock}))
INSERT INTO pushes (key, received_at, source, path_type, remote_address, content_encoding, charset, body)
SELECT push.key, push.received_at, push.source, push.path_type, push.remote_address, push.content_encoding, push.charset,
  substring($10::bytea FROM push.begins FOR push.bytes)
FROM held, unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::integer[], $9::integer[])
  WITH ORDINALITY AS push (key, received_at, source, path_type, remote_address, content_encoding, charset, begins, bytes, place)
ORDER BY push.place
ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING`;

/** Pushes as they were received: one statement a group, which is its own transaction. */
export class InboxTableWriter implements InboxWriter {
  constructor(private readonly database: Database) {}

  async append(pushes: readonly ReceivedPush[]): Promise<void> {
    if (pushes.length === 0) return;
    const bodies = pushes.map(({ body }) => body);
    const lengths = bodies.map(({ byteLength }) => byteLength);
    await this.database.run(appendSql, [
      toUuids(pushes.map(({ key }) => key)),
      toNumbers(pushes.map(({ receivedAt }) => receivedAt)),
      pushes.map(({ source }) => source),
      pushes.map(({ pathType }) => pathType),
      pushes.map(({ remoteAddress }) => remoteAddress),
      pushes.map(({ contentEncoding }) => contentEncoding),
      pushes.map(({ charset }) => charset),
      toNumbers(beginningsOf(lengths)),
      toNumbers(lengths),
      Buffer.concat(bodies),
    ]);
  }

  async probe(): Promise<void> {
    await this.database.run('UPDATE probe SET writes = writes + 1');
  }

  async discard(request: { sortedUpTo: number; receivedBefore: number; limit: number }): Promise<number> {
    const { sortedUpTo, receivedBefore, limit } = request;
    // An array: a set of ids might be joined with the whole table.
    const { changes } = await this.database.run(
      `DELETE FROM pushes WHERE id = ANY (ARRAY(
         SELECT id FROM pushes WHERE id <= $1 AND received_at < $2 ORDER BY id LIMIT $3))`,
      [sortedUpTo, receivedBefore, limit],
    );
    return changes;
  }

  async discardOf({ source, after, sortedUpTo, limit }: SourceDiscard): Promise<number | undefined> {
    const { rows } = await this.database.run(
      `SELECT max(id) AS last, count(*) AS looked_at
       FROM (SELECT id FROM pushes WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3) AS stretch`,
      [after, sortedUpTo, limit],
    );
    const last = rows[0]?.['last'] as number | null | undefined;
    if (last == null) return undefined;
    await this.database.run('DELETE FROM pushes WHERE id > $1 AND id <= $2 AND source = $3', [
      after,
      last,
      source,
    ]);
    return rows[0]?.['looked_at'] === limit ? last : undefined;
  }
}
