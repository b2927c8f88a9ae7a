import type { ClaimRequest } from '../recordings.js';
import { fromRecordingId, phase } from '../rows/recording-row.js';
import type { Connection, Row } from './connection.js';

/** Of the named recordings those that are due, earliest deadline first. They are few, and hosts do not matter. */
export function earliestOf(connection: Connection, ids: readonly string[], limit: number): Row[] {
  return connection
    .prepare(
      `SELECT * FROM recordings WHERE id IN (SELECT value FROM json_each(?)) AND phase = ${phase.due}
       ORDER BY deadline_at LIMIT ?`,
    )
    .all(JSON.stringify(ids.map(fromRecordingId)), limit);
}

/** A host may be named like something that every object has: `constructor`. */
export function freeAt({ perHost, running, shares, limit }: ClaimRequest, host: string): number {
  const count = Object.hasOwn(running, host) ? (running[host] ?? 0) : 0;
  return Math.min((shares?.get(host) ?? perHost) - count, limit);
}

/** Of the message that the link of a recording came with. */
export function sourceOf(connection: Connection, recording: Row): string {
  const find = connection.prepare('SELECT source FROM journal WHERE seq = ?');
  return (find.get(recording['link_seq'] as number)?.['source'] ?? '') as string;
}
