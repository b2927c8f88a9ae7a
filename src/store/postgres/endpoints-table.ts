import type { Endpoint, EndpointSecret, EndpointStart } from '../../domain/endpoint.js';
import type { EndpointChange, EndpointsWriter, NewEndpoint } from '../endpoints.js';
import type { JournalReader } from '../journal.js';
import { fromEndpointId, rotatedSecrets, toEndpoint } from '../rows/endpoint-row.js';
import type { Row } from '../rows/row.js';
import type { Database, Transaction } from './database.js';
import { sweepRemovedEndpoints } from './removed-endpoints.js';
import { wakeDispatchers } from './wake-dispatchers.js';

/** Endpoints as the operator changes them; whoever serves them hears of it. What serving them changes is in dispatch-table.ts. */
export class EndpointsTable implements EndpointsWriter {
  constructor(
    private readonly database: Database,
    private readonly journal: Pick<JournalReader, 'lastSeq' | 'seqAt'>,
  ) {}

  async create({ settings, start, secret, now }: NewEndpoint): Promise<Endpoint> {
    const secrets: EndpointSecret[] = [{ secret, createdAt: now }];
    const cursor = await this.#cursorFor(start);
    return await this.database.transaction((transaction) =>
      written(
        transaction,
        'INSERT INTO endpoints (settings, secrets, start, cursor, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING *',
        [JSON.stringify(settings), JSON.stringify(secrets), JSON.stringify(start), cursor, now],
      ),
    );
  }

  async change(id: string, { settings, isPaused }: EndpointChange): Promise<Endpoint | undefined> {
    return await this.#changed(id, (transaction, row) => {
      const before = toEndpoint(row);
      const next = settings ?? before.settings;
      const isElsewhere = next.url !== before.settings.url;
      return written(
        transaction,
        `UPDATE endpoints SET settings = $2, is_paused = $3, failures_in_a_row = $4, probe_at = $5 WHERE id = $1 RETURNING *`,
        [
          row['id'],
          JSON.stringify(next),
          Number(isPaused ?? before.isPaused),
          isElsewhere ? 0 : row['failures_in_a_row'],
          isElsewhere ? null : row['probe_at'],
        ],
      );
    });
  }

  async remove(id: string): Promise<boolean> {
    // The raised generation refuses whatever is still under way for it.
    return await this.database.transaction(async (transaction) => {
      const { changes } = await transaction.run(
        `UPDATE endpoints SET is_removed = 1, leased_until = NULL, generation = generation + 1
         WHERE id = $1 AND is_removed = 0`,
        [fromEndpointId(id)],
      );
      if (changes === 1) await wakeDispatchers(transaction);
      return changes === 1;
    });
  }

  async rotateSecret(id: string, secret: EndpointSecret, othersUntil: number): Promise<Endpoint | undefined> {
    return await this.#changed(id, (transaction, row) => {
      const secrets = rotatedSecrets(toEndpoint(row).secrets, secret, othersUntil);
      return written(transaction, 'UPDATE endpoints SET secrets = $2 WHERE id = $1 RETURNING *', [
        row['id'],
        JSON.stringify(secrets),
      ]);
    });
  }

  async sweepRemoved(limit: number): Promise<number> {
    return await sweepRemovedEndpoints(this.database, limit);
  }

  async #cursorFor(start: EndpointStart): Promise<number> {
    if (start === 'beginning') return 0;
    return start === 'now' ? await this.journal.lastSeq() : (await this.journal.seqAt(start.at)) - 1;
  }

  /** The endpoint as `change` leaves it: nobody else changes it in between. */
  async #changed(
    id: string,
    change: (transaction: Transaction, row: Row) => Promise<Endpoint>,
  ): Promise<Endpoint | undefined> {
    return await this.database.transaction(async (transaction) => {
      const { rows } = await transaction.run(
        'SELECT * FROM endpoints WHERE id = $1 AND is_removed = 0 FOR NO KEY UPDATE',
        [fromEndpointId(id)],
      );
      return rows[0] && (await change(transaction, rows[0]));
    });
  }
}

/** An endpoint that was created or changed, and that dispatchers hear of. */
async function written(transaction: Transaction, sql: string, values: readonly unknown[]): Promise<Endpoint> {
  const [row] = (await transaction.run(sql, values)).rows;
  if (!row) throw new Error('an endpoint that was written is not there');
  await wakeDispatchers(transaction);
  return toEndpoint(row);
}
