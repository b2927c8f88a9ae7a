import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SpoolBounds, SpoolUsage } from '../inbox.js';
import { StoreError } from '../store-error.js';
import type { Connection } from './connection.js';

/** Below this a file is left as it is: its free pages are used again. */
const shrinkBytes = 64 * 1024 * 1024;
/** Of a file without pushes: schema, sequence and what the last pages were spread over. */
const emptyBytes = 256 * 1024;

/** @throws StoreError `full` where `incoming` bytes more would lead beyond the bounds. */
export function refuseBeyond(
  connection: Connection,
  { maxBytes, minFreeBytes }: SpoolBounds,
  incoming: number,
): void {
  if (bytesIn(connection).used + incoming > maxBytes) {
    throw new StoreError('full', `${connection.file} holds as much as it may, ${maxBytes} bytes`);
  }
  const { bavail, bsize } = statfsSync(dirname(connection.file));
  if (bavail * bsize - incoming < minFreeBytes) {
    throw new StoreError('full', `less than ${minFreeBytes} bytes would be free beside ${connection.file}`);
  }
}

/** Look-ups, whatever the file holds: ids are dense, and the pages in use are in its head. */
export function readUsage(connection: Connection): SpoolUsage {
  const bounds = connection
    .prepare('SELECT (SELECT min(id) FROM pushes) AS first, (SELECT max(id) FROM pushes) AS last')
    .get();
  if (bounds?.['first'] == null) return { pending: 0, bytes: 0 };
  const oldest = connection.prepare('SELECT received_at FROM pushes WHERE id = ?').get(bounds['first']);
  return {
    pending: Number(bounds['last']) - Number(bounds['first']) + 1,
    bytes: bytesIn(connection).used,
    oldestAt: Number(oldest?.['received_at']),
  };
}

/** Gives the disk back what a long outage took of it, once nothing is left of it: there is next to nothing to copy then. */
export function shrinkIfEmptied(connection: Connection): void {
  const { used, allocated } = bytesIn(connection);
  if (allocated < shrinkBytes || used > emptyBytes) return;
  connection.exec('VACUUM');
  connection.checkpoint();
}

function bytesIn(connection: Connection): { used: number; allocated: number } {
  const ask = (name: string): number => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
  const pageBytes = ask('page_size');
  const pages = ask('page_count');
  return { used: (pages - ask('freelist_count')) * pageBytes, allocated: pages * pageBytes };
}
