import type { Endpoint } from '../../domain/endpoint.js';
import { countedDead, type EndpointsReader, type EndpointTally } from '../endpoints.js';
import { fromEndpointId, toEndpoint } from '../rows/endpoint-row.js';
import type { Database } from './database.js';
import { findEndpoint, replayable } from './find-present.js';

export class EndpointsTableReader implements EndpointsReader {
  constructor(private readonly database: Database) {}

  async list(): Promise<Endpoint[]> {
    const { rows } = await this.database.run('SELECT * FROM endpoints WHERE is_removed = 0 ORDER BY id');
    return rows.map(toEndpoint);
  }

  async get(id: string): Promise<Endpoint | undefined> {
    const row = await findEndpoint(this.database, id);
    return row && toEndpoint(row);
  }

  async tally(id: string): Promise<EndpointTally> {
    const tallyOf = (state: number): string =>
      `coalesce((SELECT count FROM delivery_tallies WHERE endpoint = endpoints.id AND state = ${state}), 0)`;
    const { rows } = await this.database.run(
      `SELECT ${tallyOf(0)} AS pending, ${tallyOf(1)} AS delivered, 
         (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE ${replayable} AND endpoint = endpoints.id LIMIT ${countedDead}) AS waiting)
           AS dead,
         (SELECT min(next_attempt_at) FROM deliveries WHERE endpoint = endpoints.id AND next_attempt_at IS NOT NULL)
           AS next_attempt_at
       FROM endpoints WHERE id = $1 AND is_removed = 0`,
      [fromEndpointId(id)],
    );
    const row = rows[0];
    if (!row) return { pending: 0, delivered: 0, dead: 0 };
    const nextAttemptAt = row['next_attempt_at'];
    return {
      pending: row['pending'] as number,
      delivered: row['delivered'] as number,
      dead: row['dead'] as number,
      ...(typeof nextAttemptAt === 'number' ? { nextAttemptAt } : {}),
    };
  }
}
