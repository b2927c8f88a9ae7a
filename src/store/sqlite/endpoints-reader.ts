import type { Endpoint } from '../../domain/endpoint.js';
import { countedDead, type EndpointsReader, type EndpointTally } from '../endpoints.js';
import { toDeliveryStateNumber } from '../rows/delivery-row.js';
import { toEndpoint } from '../rows/endpoint-row.js';
import type { Connection } from './connection.js';
import { findEndpoint, replayable } from './find-present.js';
import type { Synchronous } from './synchronous.js';

export class EndpointsTableReader implements Synchronous<EndpointsReader> {
  constructor(private readonly connection: Connection) {}

  list(): Endpoint[] {
    return this.connection
      .prepare('SELECT * FROM endpoints WHERE is_removed = 0 ORDER BY id')
      .all()
      .map(toEndpoint);
  }

  get(id: string): Endpoint | undefined {
    const row = findEndpoint(this.connection, id);
    return row && toEndpoint(row);
  }

  tally(id: string): EndpointTally {
    const endpoint = findEndpoint(this.connection, id)?.['id'] as number | undefined;
    if (endpoint === undefined) return { pending: 0, delivered: 0, dead: 0 };
    const rows = this.connection
      .prepare('SELECT state, count FROM delivery_tallies WHERE endpoint = ?')
      .all(endpoint);
    const counts = new Map(rows.map((row) => [row['state'], row['count'] as number]));
    const next = this.connection
      .prepare(
        'SELECT min(next_attempt_at) AS at FROM deliveries WHERE endpoint = ? AND next_attempt_at IS NOT NULL',
      )
      .get(endpoint)?.['at'];
    const dead = this.connection
      .prepare(
        `SELECT count(*) AS count FROM (SELECT 1 FROM ${replayable} AND endpoint = ? LIMIT ${countedDead})`,
      )
      .get(endpoint)?.['count'];
    return {
      pending: counts.get(toDeliveryStateNumber('pending')) ?? 0,
      delivered: counts.get(toDeliveryStateNumber('delivered')) ?? 0,
      dead: dead as number,
      ...(typeof next === 'number' ? { nextAttemptAt: next } : {}),
    };
  }
}
