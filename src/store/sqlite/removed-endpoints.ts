import type { Connection } from './connection.js';
import { forgetStretches } from './delivery-stretches.js';

/**
 * Deletes what is left of removed endpoints, `limit` deliveries at most in one transaction, so that no push
 * of another endpoint waits long for it. Returns how many deliveries went; fewer than `limit` is the end.
 */
export function sweepRemovedEndpoints(connection: Connection, limit: number): number {
  const removed = connection.prepare('SELECT id FROM endpoints WHERE is_removed = 1').all();
  if (removed.length === 0) return 0;
  return connection.transaction(() => {
    let swept = 0;
    for (const { id } of removed) {
      swept += sweep(connection, id as number, limit - swept);
      if (swept >= limit) break;
      forget(connection, id as number);
    }
    return swept;
  });
}

function sweep(connection: Connection, endpoint: number, limit: number): number {
  const rows = connection
    .prepare('SELECT id, seqs FROM deliveries WHERE endpoint = ? LIMIT ?')
    .all(endpoint, limit);
  for (const { id, seqs } of rows) {
    forgetStretches(connection, endpoint, id as number, seqs as string);
    connection.prepare('DELETE FROM delivery_attempts WHERE delivery = ?').run(id as number);
    connection.prepare('DELETE FROM deliveries WHERE id = ?').run(id as number);
  }
  return rows.length;
}

/** Once its deliveries are gone: the rest is small. */
function forget(connection: Connection, endpoint: number): void {
  connection.prepare('DELETE FROM delivery_tallies WHERE endpoint = ?').run(endpoint);
  connection.prepare('DELETE FROM replays WHERE endpoint = ?').run(endpoint);
  connection.prepare('DELETE FROM endpoints WHERE id = ?').run(endpoint);
}
