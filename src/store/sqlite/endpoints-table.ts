import type { Endpoint, EndpointSecret, EndpointSettings, EndpointStart } from '../../domain/endpoint.js';
import type { EndpointChange, EndpointsWriter, NewEndpoint } from '../endpoints.js';
import { fromEndpointId, rotatedSecrets, toEndpoint } from '../rows/endpoint-row.js';
import type { Connection, Row } from './connection.js';
import { findEndpoint } from './find-present.js';
import { JournalTableReader } from './journal-reader.js';
import { sweepRemovedEndpoints } from './removed-endpoints.js';
import type { Synchronous } from './synchronous.js';

/** Endpoints as the operator changes them. What serving them changes is in dispatch-table.ts. */
export class EndpointsTable implements Synchronous<EndpointsWriter> {
  readonly #journal: JournalTableReader;

  constructor(private readonly connection: Connection) {
    this.#journal = new JournalTableReader(connection);
  }

  create({ settings, start, secret, now }: NewEndpoint): Endpoint {
    const secrets: EndpointSecret[] = [{ secret, createdAt: now }];
    return this.connection.transaction(() =>
      this.#changed(
        'INSERT INTO endpoints (settings, secrets, start, cursor, created_at) VALUES (?, ?, ?, ?, ?) RETURNING *',
        [
          JSON.stringify(settings),
          JSON.stringify(secrets),
          JSON.stringify(start),
          this.#cursorFor(start),
          now,
        ],
      ),
    );
  }

  change(id: string, { settings, isPaused }: EndpointChange): Endpoint | undefined {
    return this.connection.transaction(() => {
      const row = findEndpoint(this.connection, id);
      if (!row) return undefined;
      const next = settings ?? toEndpoint(row).settings;
      const failuresInARow = isElsewhere(row, next) ? 0 : (row['failures_in_a_row'] as number);
      const probeAt = isElsewhere(row, next) ? null : (row['probe_at'] as number | null);
      return this.#changed(
        `UPDATE endpoints SET settings = ?, is_paused = ?, failures_in_a_row = ?, probe_at = ? WHERE id = ? RETURNING *`,
        [
          JSON.stringify(next),
          isPaused === undefined ? (row['is_paused'] as number) : Number(isPaused),
          failuresInARow,
          probeAt,
          row['id'] as number,
        ],
      );
    });
  }

  remove(id: string): boolean {
    // The raised generation refuses whatever is still under way for it.
    return (
      this.connection
        .prepare(
          `UPDATE endpoints SET is_removed = 1, leased_until = NULL, generation = generation + 1
           WHERE id = ? AND is_removed = 0`,
        )
        .run(fromEndpointId(id)).changes === 1
    );
  }

  rotateSecret(id: string, secret: EndpointSecret, othersUntil: number): Endpoint | undefined {
    return this.connection.transaction(() => {
      const row = findEndpoint(this.connection, id);
      if (!row) return undefined;
      const secrets = rotatedSecrets(toEndpoint(row).secrets, secret, othersUntil);
      return this.#changed('UPDATE endpoints SET secrets = ? WHERE id = ? RETURNING *', [
        JSON.stringify(secrets),
        row['id'] as number,
      ]);
    });
  }

  sweepRemoved(limit: number): number {
    return sweepRemovedEndpoints(this.connection, limit);
  }

  #cursorFor(start: EndpointStart): number {
    if (start === 'beginning') return 0;
    return start === 'now' ? this.#journal.lastSeq() : this.#journal.seqAt(start.at) - 1;
  }

  #changed(sql: string, values: Parameters<ReturnType<Connection['prepare']>['get']>): Endpoint {
    const row = this.connection.prepare(sql).get(...values);
    if (!row) throw new Error('an endpoint that was written is not there');
    return toEndpoint(row);
  }
}

function isElsewhere(row: Row, { url }: EndpointSettings): boolean {
  return toEndpoint(row).settings.url !== url;
}
